/** The pages and their addresses; every page but the first is loaded when it is visited. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { JoinPage } from '../join/join-page.tsx';
import { AppShell } from './app-shell.tsx';
import { CrashPage } from './crash-page.tsx';
import { NotFoundPage } from './not-found-page.tsx';

function textOrNothing(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const rootRoute = createRootRoute({ notFoundComponent: NotFoundPage, errorComponent: CrashPage });

const shellRoute = createRoute({ getParentRoute: () => rootRoute, id: 'shell', component: AppShell });

const joinRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  // A room called 42 stays text: the address is read without guessing types.
  validateSearch: (search: Record<string, unknown>): { room?: string } => {
    const room = textOrNothing(search['room']);
    return room === undefined ? {} : { room };
  },
  component: JoinPage,
});

const roomRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/room/$roomName',
  component: lazyRouteComponent(() => import('../room/room-page.tsx'), 'RoomPage'),
});

const chatsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/chats',
  component: lazyRouteComponent(() => import('../chats/chats-page.tsx'), 'ChatsPage'),
});

const chatRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/chats/$chatId',
  component: lazyRouteComponent(() => import('../chats/chat-page.tsx'), 'ChatPage'),
});

const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('../settings/settings-page.tsx'), 'SettingsPage'),
});

const statusRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/status',
  component: lazyRouteComponent(() => import('../status/status-page.tsx'), 'StatusPage'),
});

const loginRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/login',
  validateSearch: (search: Record<string, unknown>): { next?: string } => {
    const next = textOrNothing(search['next']);
    // Only a page of this site: an address of another one could be put into a link.
    return next?.startsWith('/') && !next.startsWith('//') && !next.startsWith('/\\') ? { next } : {};
  },
  component: lazyRouteComponent(() => import('../login/login-page.tsx'), 'LoginPage'),
});

/** Search values are plain text in the address, never JSON. */
function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

function stringifySearch(search: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) if (typeof value === 'string') query.set(key, value);
  return query.size === 0 ? '' : `?${query}`;
}

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    shellRoute.addChildren([joinRoute, chatsRoute, chatRoute, settingsRoute, statusRoute, loginRoute]),
    roomRoute,
  ]),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
