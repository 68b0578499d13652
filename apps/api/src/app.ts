/** The HTTP service as a value: made of its dependencies, listening nowhere yet. */
import rateLimit from '@fastify/rate-limit';
import { isLoopback } from '@sophy/contracts/environment';
import fastify, { LogController } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { AppDependencies } from './app-dependencies.ts';
import { installAdminSession } from './http/admin-session.ts';
import { watchMethods } from './http/allowed-methods.ts';
import { installErrorAnswers, sendError } from './http/answer-errors.ts';
import { installApiDocumentation } from './http/api-documentation.ts';
import type { App } from './http/app-type.ts';
import { HttpProblem } from './http/http-problem.ts';
import { observeRequests } from './http/observe-requests.ts';
import { pageAddress } from './http/page-address.ts';
import { refusalOfOrigin } from './http/request-origin.ts';
import { installRoutePolicy } from './http/route-policy.ts';
import { installSecurityHeaders } from './http/security-headers.ts';
import { installWebClient } from './http/web-client.ts';
import { livekitUrlFor } from './livekit/livekit-address.ts';
import { installLivekitSignallingProxy } from './livekit/livekit-signalling-proxy.ts';
import { installRoutes } from './routes/install-routes.ts';

/** The largest honest request is a message of 50,000 characters of up to 4 bytes. */
const bodyLimitBytes = 256 * 1_024;
/** For each address; a person with a busy page makes a few requests a second. */
const requestsPerMinute = 1_200;

/** Throws where a route does not say who may call it. */
export async function createApp(dependencies: AppDependencies): Promise<App> {
  const { configuration, logger, redis } = dependencies;
  const app: App = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyLimitBytes,
    trustProxy: configuration.trustedProxies?.split(',').map((address) => address.trim()) ?? false,
    // Pages hold event streams open; a shut-down does not wait for them.
    forceCloseConnections: true,
    requestTimeout: 30_000,
    routerOptions: { maxParamLength: 300 },
    frameworkErrors: sendError,
    clientErrorHandler(error, socket) {
      logger.debug({ error }, 'a connection sent no HTTP');
      if (socket.writable) {
        const body = '{"detail":"This is not an HTTP request."}';
        socket.end(
          `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
        );
      }
    },
  }).withTypeProvider<ZodTypeProvider>();
  // While an upgrade waits for its route, nobody else hears that the connection broke.
  app.server.on('connection', (socket) =>
    socket.on('error', (error) => logger.debug({ error }, 'a connection broke')),
  );
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  installErrorAnswers(app);
  observeRequests(app, dependencies);

  app.addHook('onRequest', async (request) => {
    const refusal = refusalOfOrigin(
      {
        method: request.method,
        host: request.headers.host,
        origin: request.headers.origin,
        secFetchSite: request.headers['sec-fetch-site']?.toString(),
      },
      { listenHost: configuration.host, publicUrl: configuration.publicUrl },
    );
    if (refusal !== undefined) throw new HttpProblem(403, refusal);
  });
  await installSecurityHeaders(app, {
    livekitUrlFor: (request) =>
      livekitUrlFor(configuration.livekit, pageAddress(request, configuration.publicUrl)),
  });
  await app.register(rateLimit, {
    max: requestsPerMinute,
    timeWindow: '1 minute',
    ...(redis === undefined ? {} : { redis, nameSpace: 'sophy-rate-', skipOnError: true }),
    // Without a password only this machine can reach the server: there is nobody to protect it from.
    allowList: (request) => configuration.adminPassword === undefined && isLoopback(request.ip),
    errorResponseBuilder: (_request, { after }) =>
      new HttpProblem(429, `Too many requests from this address. Try again in ${after}.`),
  });
  const session = await installAdminSession(app, {
    password: configuration.adminPassword,
    secretsKey: dependencies.secretsKey,
    now: dependencies.now,
  });
  installRoutePolicy(app, session.isAdmin);
  const answerWrongMethods = watchMethods(app);
  await installApiDocumentation(app, configuration.version);
  await installRoutes(app, dependencies, session);
  await installLivekitSignallingProxy(app, configuration.livekit.url);
  await installWebClient(app, configuration.webFolder);
  answerWrongMethods();
  await app.ready();
  return app;
}
