/** Test support: draws a page with English texts, an own query cache, a router in memory and a scripted service. */
import { QueryClientProvider } from '@tanstack/react-query';
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router';
import { cleanup, render } from '@testing-library/react';
import i18next from 'i18next';
import type { JSX } from 'react';
import { initReactI18next } from 'react-i18next';
import { afterEach, vi } from 'vitest';
import { createQueryClient } from '../app/query-client.ts';
import english from '../locales/en.json';

export type RecordedRequest = { readonly method: string; readonly path: string; readonly body: unknown };
export type ScriptedAnswer = { readonly status?: number; readonly body: unknown };

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** Answers every `fetch` with `answer`; returns the requests in the order in which they came. */
export function scriptService(answer: (request: RecordedRequest) => ScriptedAnswer): RecordedRequest[] {
  const requests: RecordedRequest[] = [];
  vi.stubGlobal('fetch', async (path: string, init: RequestInit = {}) => {
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : null;
    const request = { method: init.method ?? 'GET', path, body };
    requests.push(request);
    const { status = 200, body: answered } = answer(request);
    return new Response(JSON.stringify(answered), {
      status,
      headers: { 'content-type': 'application/json' },
    });
  });
  return requests;
}

/** Draws `Page` at `/`; links lead to empty pages. */
export async function renderPage(
  Page: () => JSX.Element,
  onLoginNeeded: () => void = () => undefined,
): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    resources: { en: { translation: english } },
    interpolation: { escapeValue: false },
  });
  const rootRoute = createRootRoute();
  const pageRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: Page });
  const elsewhereRoute = createRoute({ getParentRoute: () => rootRoute, path: '$', component: () => null });
  const router = createRouter({
    routeTree: rootRoute.addChildren([pageRoute, elsewhereRoute]),
    history: createMemoryHistory(),
  });
  render(
    <QueryClientProvider client={createQueryClient(onLoginNeeded)}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
  await router.load();
}
