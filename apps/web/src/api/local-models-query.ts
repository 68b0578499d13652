/** The models of the local engines; asked again every second and a half while one is being fetched. */
import { localModelsResponseSchema } from '@sophy/contracts/http-engines';
import { queryOptions } from '@tanstack/react-query';
import { requestJson } from './request.ts';

export const localModelsPath = '/api/engines/local/models';
const pollMs = 1_500;

export const localModelsQuery = () =>
  queryOptions({
    queryKey: ['local-models'],
    queryFn: ({ signal }) => requestJson(async () => localModelsResponseSchema, localModelsPath, { signal }),
    refetchInterval: (query) =>
      query.state.data?.data.some(({ state }) => state === 'downloading') === true ? pollMs : false,
  });
