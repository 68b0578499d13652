/** `POST /api/login` and `POST /api/logout`. */
import { okResponseSchema } from '@sophy/contracts/http-error';
import { loginRequestSchema } from '@sophy/contracts/http-status';
import type { AppDependencies } from '../../app-dependencies.ts';
import type { AdminSession } from '../../http/admin-session.ts';
import { answers } from '../../http/answers.ts';
import type { App } from '../../http/app-type.ts';
import { HttpProblem } from '../../http/http-problem.ts';
import { createLoginThrottle } from '../../http/login-throttle.ts';
import { publicRoute } from '../../http/route-policy.ts';

export function loginRoutes(app: App, dependencies: AppDependencies, session: AdminSession): void {
  const { configuration, logger, now } = dependencies;
  const throttle = createLoginThrottle();

  app.post(
    '/api/login',
    {
      config: publicRoute,
      schema: { tags: ['login'], body: loginRequestSchema, response: answers(okResponseSchema) },
    },
    async (request, reply) => {
      if (configuration.adminPassword === undefined) return { status: 'ok' as const };
      const waitMs = throttle.waitMs(request.ip, now());
      if (waitMs > 0) {
        void reply.header('retry-after', Math.ceil(waitMs / 1_000));
        const minutes = Math.ceil(waitMs / 60_000);
        throw new HttpProblem(429, `Too many wrong passwords. Try again in ${minutes} minutes.`);
      }
      if (!session.isPassword(request.body.password)) {
        throttle.recordFailure(request.ip, now());
        logger.warn({ address: request.ip }, 'wrong admin password');
        throw new HttpProblem(401, 'The password is wrong.');
      }
      throttle.forget(request.ip);
      session.start(request, reply);
      return { status: 'ok' as const };
    },
  );

  app.post(
    '/api/logout',
    { config: publicRoute, schema: { tags: ['login'], response: answers(okResponseSchema) } },
    async (_request, reply) => {
      session.end(reply);
      return { status: 'ok' as const };
    },
  );
}
