/** Every error leaves as `{detail}`: bad input as 4xx, a missing dependency as 503 that names it. */
import { ProviderError } from '@sophy/conversation/provider-error';
import { isDatabaseUnavailable } from '@sophy/db/database-unavailable';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { App } from './app-type.ts';
import { HttpProblem } from './http-problem.ts';

export type Answer = {
  readonly statusCode: number;
  readonly detail: string;
  readonly code?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
};

export function installErrorAnswers(app: App): void {
  app.setErrorHandler((error: FastifyError, request, reply) => sendError(error, request, reply));
}

/** Also for errors that Fastify meets before it has found a route, such as a path that is not valid text. */
export function sendError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const answer = answerFor(error, request.id);
  const fields = { error, route: request.routeOptions.url, requestId: request.id };
  if (answer.statusCode === 503) request.log.warn(fields, 'a part that the request needs is missing');
  else if (answer.statusCode >= 500) request.log.error(fields, 'request failed');
  if (answer.retryAfterSeconds !== undefined) void reply.header('retry-after', answer.retryAfterSeconds);
  const { detail, code } = answer;
  void reply
    .code(answer.statusCode)
    .type('application/json')
    .send(code === undefined ? { detail } : { detail, code });
}

/** Status and sentence for an error. Only errors made for clients show their own text. */
export function answerFor(error: unknown, requestId: string): Answer {
  if (error instanceof HttpProblem) {
    const { statusCode, message: detail, code, retryAfterSeconds } = error;
    return { statusCode, detail, code, retryAfterSeconds };
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const issues = error.validation.map(({ instancePath, message }) => {
      const field = instancePath.split('/').filter(Boolean).join('.');
      return field === '' ? String(message) : `${field}: ${message}`;
    });
    return { statusCode: 422, detail: issues.join('; ').slice(0, 1_000) };
  }
  if (error instanceof ProviderError) {
    return { statusCode: 503, detail: `${error.stage} engine ${error.engine}: ${error.message}` };
  }
  if (isDatabaseUnavailable(error)) {
    return { statusCode: 503, detail: 'The database cannot be reached. Try again in a moment.' };
  }
  if (isBadText(error)) {
    return { statusCode: 422, detail: 'A value holds text or a number that cannot be stored.' };
  }
  const statusCode = clientStatus(error);
  if (statusCode !== undefined && error instanceof Error) return { statusCode, detail: error.message };
  return {
    statusCode: 500,
    detail: `The server failed at this request. Its log says why, under request id ${requestId}.`,
  };
}

/** Postgres class 22: a value that the schema let through and the database cannot hold. */
function isBadText(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && /^22/.test(error.code)
  );
}

/** Fastify's own refusals (bad JSON 400, too large 413, wrong media type 415, too many 429). */
function clientStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}
