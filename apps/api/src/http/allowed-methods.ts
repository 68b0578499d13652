/** A known path with a wrong method is 405 with `Allow`, not 404. */
import type { HTTPMethods, RouteOptions } from 'fastify';
import type { App } from './app-type.ts';
import { publicRoute } from './route-policy.ts';

const allMethods: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Collects routes as they are made; call the returned function once all of them are there. */
export function watchMethods(app: App): () => void {
  const methodsOf = new Map<string, Set<string>>();
  app.addHook('onRoute', (route: RouteOptions) => {
    // The web client's catch-all would make every unknown path a known one; the documentation page is a plugin's.
    if (route.url.includes('*') || route.url.startsWith('/api/docs')) return;
    const methods = methodsOf.get(route.url) ?? new Set();
    for (const method of [route.method].flat()) methods.add(method);
    methodsOf.set(route.url, methods);
  });
  return () => {
    for (const [url, methods] of [...methodsOf]) {
      const allow = [...methods].sort().join(', ');
      const missing = allMethods.filter((method) => !methods.has(method));
      if (missing.length === 0) continue;
      app.route({
        method: missing,
        url,
        config: publicRoute,
        schema: { hide: true },
        // Before the body is read: its shape does not matter any more.
        onRequest: async (request, reply) => {
          const detail = `${request.method} is not possible here. Use ${allow}.`;
          await reply.code(405).header('allow', allow).send({ detail });
        },
        handler: async () => undefined,
      });
    }
  };
}
