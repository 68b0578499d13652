/** The query cache, and the one place that notices that a password is needed. */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from '../api/api-error.ts';

/** `onLoginNeeded` is called when the service answers 401. */
export function createQueryClient(onLoginNeeded: () => void): QueryClient {
  const onError = (error: Error) => {
    if (error instanceof ApiError && error.status === 401) onLoginNeeded();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        retry: false,
        staleTime: 5_000,
        // The service may be on this machine while the browser believes it is offline.
        networkMode: 'always',
        // A page that could not load tries again by itself; one that loaded stays as it is.
        refetchInterval: (query) => (isUnavailable(query.state.error) ? 4_000 : false),
      },
      mutations: { networkMode: 'always' },
    },
  });
}

/** Whether the failure can pass by itself: no answer, or 503 with the missing part's name. */
function isUnavailable(error: Error | null): boolean {
  return error instanceof ApiError && (error.kind === 'unreachable' || error.status === 503);
}
