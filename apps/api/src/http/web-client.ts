/** Serves the built web client; its own addresses all give the one page. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import staticFiles from '@fastify/static';
import type { App } from './app-type.ts';

const yearSeconds = 365 * 24 * 60 * 60;

/** Without a built client every address that is no route is 404 and says so. */
export async function installWebClient(app: App, folder: string): Promise<void> {
  const isBuilt = existsSync(join(folder, 'index.html'));
  if (isBuilt) {
    await app.register(staticFiles, {
      root: folder,
      setHeaders(reply, path) {
        // Files in assets carry a hash of their content in their name; the page that names them does not.
        const isHashed = path.startsWith(join(folder, 'assets'));
        const policy = isHashed ? `public, max-age=${yearSeconds}, immutable` : 'no-cache';
        void reply.header('cache-control', policy);
      },
      cacheControl: false,
    });
  }
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const wantsPage =
      ['GET', 'HEAD'].includes(request.method) &&
      !path.startsWith('/api/') &&
      !path.startsWith('/assets/') &&
      (request.headers.accept?.includes('text/html') ?? false);
    if (wantsPage && isBuilt) return reply.code(200).sendFile('index.html');
    const detail = wantsPage
      ? 'The web client is not built: run npm start, or pnpm --filter @sophy/web build.'
      : 'There is nothing at this address.';
    return reply.code(404).send({ detail });
  });
}
