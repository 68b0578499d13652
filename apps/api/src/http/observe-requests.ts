/** Each request in metrics and, at debug level, in the log: by route, never by address, which may hold what people wrote. */
import type { AppDependencies } from '../app-dependencies.ts';
import type { App } from './app-type.ts';

export function observeRequests(app: App, { metrics }: Pick<AppDependencies, 'metrics'>): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    const labels = { method: request.method, route, status: String(reply.statusCode) };
    metrics.requestSeconds.observe(labels, reply.elapsedTime / 1_000);
    request.log.debug({ ...labels, elapsedMs: reply.elapsedTime, requestId: request.id }, 'request');
  });
}
