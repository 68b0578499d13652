/** Who may call a route. Every route says it; one that does not stops the process at boot. */
import type { FastifyRequest, RouteOptions } from 'fastify';
import type { App } from './app-type.ts';
import { HttpProblem } from './http-problem.ts';

export type RoutePolicy = 'public' | 'admin';

declare module 'fastify' {
  interface FastifyContextConfig {
    policy?: RoutePolicy;
  }
}

export const publicRoute = { policy: 'public' } as const;
export const adminRoute = { policy: 'admin' } as const;

/** Routes that plugins make and that cannot say it themselves. */
function policyOfPluginRoute(url: string): RoutePolicy | undefined {
  if (url === '/*') return 'public';
  return url.startsWith('/api/docs') ? 'admin' : undefined;
}

/**
 * Installs the policy. Must come before every route.
 * @param isAdmin Whether a request carries a valid session; always true where no password is set.
 */
export function installRoutePolicy(app: App, isAdmin: (request: FastifyRequest) => boolean): void {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => {
    const policy = route.config?.policy ?? policyOfPluginRoute(route.url);
    if (policy !== undefined) route.config = { ...route.config, policy };
    routes.push(route);
  });
  app.addHook('onReady', async () => {
    const open = routes.filter((route) => route.config?.policy === undefined);
    if (open.length > 0) {
      throw new Error(`These routes do not say who may call them: ${open.map(({ url }) => url).join(', ')}`);
    }
  });
  app.addHook('onRequest', async (request) => {
    if (request.is404 || request.routeOptions.config.policy === 'public' || isAdmin(request)) return;
    throw new HttpProblem(401, 'Log in first: POST /api/login with the admin password.');
  });
}
