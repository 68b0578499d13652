/**
 * LiveKit's signalling on our own origin, `/rtc` and below: a page that came over HTTPS may not open a plain `ws://`.
 * LiveKit itself checks the tokens; a WebSocket is upgraded only after LiveKit has said that it would take it.
 */
import httpProxy from '@fastify/http-proxy';
import type { FastifyRequest } from 'fastify';
import type { App } from '../http/app-type.ts';
import { HttpProblem } from '../http/http-problem.ts';
import { publicRoute } from '../http/route-policy.ts';
import { livekitHttpUrl } from './livekit-address.ts';
import { livekitAway } from './livekit-away.ts';

const answerTimeoutMs = 3_000;
/** A person's signals are session descriptions of some kilobytes. */
const largestMessageBytes = 1_024 * 1_024;
/** What LiveKit tells at joining grows with the room. */
const largestAnswerBytes = 16 * 1_024 * 1_024;
/** A telephone that has left the network does not answer the closing of its connection. */
const politeCloseMs = 1_000;

/** Apart from the call, because the proxy's types leave out that it rewrites headers. */
const upstreamSocketOptions = {
  handshakeTimeout: answerTimeoutMs,
  maxPayload: largestAnswerBytes,
  // The proxy logs the address it opens at debug level, so the token goes in a header.
  queryString: (search: string | undefined) => withoutToken(search ?? ''),
  rewriteRequestHeaders: (_headers: unknown, request: FastifyRequest) => upstreamHeaders(request),
};

/** @param url `LIVEKIT_URL`; a path in it is kept. */
export async function installLivekitSignallingProxy(app: App, url: string): Promise<void> {
  const upstream = new URL(livekitHttpUrl(url));
  const upgraded = new Set<FastifyRequest['raw']['socket']>();

  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.schema = { ...route.schema, hide: true };
    });
    scope.addHook('preHandler', async (request) => {
      if (request.headers.upgrade === undefined) return;
      const { socket } = request.raw;
      upgraded.add(socket);
      socket.once('close', () => upgraded.delete(socket));
      await refuseUnlessLivekitAccepts(upstream, request);
    });
    await scope.register(httpProxy, {
      prefix: '/rtc',
      upstream: upstream.origin,
      rewritePrefix: `${upstream.pathname.replace(/\/$/, '')}/rtc`,
      routes: ['', '/*'],
      httpMethods: ['GET'],
      config: publicRoute,
      websocket: true,
      // The log of addresses would hold tokens.
      disableRequestLogging: true,
      undici: { connect: { timeout: answerTimeoutMs }, headersTimeout: answerTimeoutMs },
      replyOptions: {
        rewriteRequestHeaders: (_request, { cookie: _ours, ...headers }) => headers,
        onError: (reply, { error }) => void reply.send(livekitAway(error)),
      },
      wsServerOptions: { maxPayload: largestMessageBytes },
      wsClientOptions: upstreamSocketOptions,
    });
  });

  app.addHook('preClose', async () => {
    const cut = setTimeout(() => {
      for (const socket of upgraded) socket.destroy();
    }, politeCloseMs);
    cut.unref();
  });
}

/** Asks LiveKit before the upgrade, because a browser is told nothing of what happens behind an open WebSocket. */
async function refuseUnlessLivekitAccepts(upstream: URL, request: FastifyRequest): Promise<void> {
  const { pathname, search } = new URL(request.url, upstream);
  const question = new URL(upstream);
  question.pathname = `${upstream.pathname.replace(/\/$/, '')}${pathname.replace(/\/$/, '')}/validate`;
  question.search = withoutToken(search);
  const answer = await fetch(question, {
    headers: upstreamHeaders(request),
    redirect: 'error',
    signal: AbortSignal.timeout(answerTimeoutMs),
  }).catch((error: unknown) => {
    throw livekitAway(error);
  });
  const text = await answer.text();
  if (answer.ok) return;
  throw new HttpProblem(answer.status, `LiveKit refuses the connection: ${text.trim().slice(0, 300)}`);
}

function withoutToken(search: string): string {
  const parameters = new URLSearchParams(search);
  parameters.delete('access_token');
  return parameters.toString();
}

/** What LiveKit needs of the request; our session cookie stays here. */
function upstreamHeaders(request: FastifyRequest): Record<string, string> {
  const token = new URLSearchParams(request.url.split('?')[1]).get('access_token');
  const authorization = request.headers.authorization ?? (token === null ? undefined : `Bearer ${token}`);
  const userAgent = request.headers['user-agent'];
  return {
    'x-forwarded-for': request.ip,
    ...(authorization === undefined ? {} : { authorization }),
    ...(userAgent === undefined ? {} : { 'user-agent': userAgent }),
  };
}
