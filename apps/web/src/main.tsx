/** Entry of the browser client. */
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startLanguage } from './app/language.ts';
import { createQueryClient } from './app/query-client.ts';
import { router } from './app/router.tsx';
import { applyTheme, readTheme } from './app/theme.ts';
import '@fontsource-variable/figtree/wght.css';
import './styles.css';

applyTheme(readTheme());

const queryClient = createQueryClient(() => {
  const { pathname, href } = router.state.location;
  if (pathname !== '/login') void router.navigate({ to: '/login', search: { next: href } });
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root to draw into.');

await startLanguage();
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
