/** Headers that keep the pages to themselves: content policy with LiveKit's address, microphone for us only. */
import type { IncomingMessage } from 'node:http';
import helmet from '@fastify/helmet';
import type { FastifyRequest } from 'fastify';
import type { App } from './app-type.ts';

export type SecurityHeadersOptions = {
  /** LiveKit's WebSocket address as the browser of this request is told it. */
  readonly livekitUrlFor: (request: FastifyRequest) => string;
};

export async function installSecurityHeaders(app: App, options: SecurityHeadersOptions): Promise<void> {
  // Helmet sees Node's request, which knows nothing of trusted proxies.
  const livekitUrls = new WeakMap<IncomingMessage, string>();
  app.addHook('onRequest', async (request) => {
    livekitUrls.set(request.raw, options.livekitUrlFor(request));
  });
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // Dialogs and notices of the component library place themselves with style attributes.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'"],
        mediaSrc: ["'self'", 'blob:'],
        workerSrc: ["'self'", 'blob:'],
        // LiveKit's client asks over HTTP why a WebSocket was refused.
        connectSrc: ["'self'", (request) => livekitSources(livekitUrls.get(request))],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // A page on plain HTTP in a home network has no certificate to be strict about.
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    referrerPolicy: { policy: 'same-origin' },
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.header(
      'permissions-policy',
      'microphone=(self), camera=(self), display-capture=(self), geolocation=()',
    );
  });
}

/** The address itself and its HTTP twin, e.g. `ws://h:7880 http://h:7880`. */
function livekitSources(url: string | undefined): string {
  if (url === undefined) return "'self'";
  const { protocol, host } = new URL(url);
  return protocol === 'wss:' || protocol === 'https:'
    ? `wss://${host} https://${host}`
    : `ws://${host} http://${host}`;
}
