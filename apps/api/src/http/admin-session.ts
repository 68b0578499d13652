/** The operator's session: a signed cookie that holds nothing but its own end. */
import { createHash, hkdfSync, timingSafeEqual } from 'node:crypto';
import cookie from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from './app-type.ts';

const cookieName = 'sophy_session';
const lifetimeMs = 12 * 60 * 60 * 1_000;

export type AdminSession = {
  /** True without a password: then only this machine can reach the server. */
  isAdmin(request: FastifyRequest): boolean;
  isPassword(candidate: string): boolean;
  start(request: FastifyRequest, reply: FastifyReply): void;
  end(reply: FastifyReply): void;
};

export type AdminSessionOptions = {
  readonly password: string | undefined;
  readonly secretsKey: Buffer;
  readonly now: () => number;
};

/** Installs cookies, signed with a key derived from the secrets key and the password, so a new password ends sessions. */
export async function installAdminSession(app: App, options: AdminSessionOptions): Promise<AdminSession> {
  const { password, now } = options;
  const signingKey = Buffer.from(
    hkdfSync('sha256', options.secretsKey, Buffer.from(password ?? ''), 'sophy admin session', 32),
  );
  await app.register(cookie, { secret: signingKey, hook: 'onRequest' });
  return {
    isAdmin(request) {
      if (password === undefined) return true;
      const sent = request.cookies[cookieName];
      if (sent === undefined) return false;
      const { valid, value } = request.unsignCookie(sent);
      return valid && value !== null && Number(value) > now();
    },
    isPassword(candidate) {
      return password !== undefined && timingSafeEqual(digest(candidate), digest(password));
    },
    start(request, reply) {
      void reply.setCookie(cookieName, String(now() + lifetimeMs), {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: request.protocol === 'https',
        maxAge: lifetimeMs / 1_000,
        signed: true,
      });
    },
    end(reply) {
      void reply.clearCookie(cookieName, { path: '/' });
    },
  };
}

/** Equal lengths for a comparison in constant time. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
