/** The address under which a browser sees us, as a request tells it. */
import type { FastifyRequest } from 'fastify';

export type PageAddress = {
  /** Host and port; undefined where the request names none. */
  readonly host: string | undefined;
  /** The page came over HTTPS, so its browser opens nothing plain. */
  readonly isSecure: boolean;
};

/** Behind a proxy that is not trusted to say it, an HTTPS `PUBLIC_URL` says that its host is reached over HTTPS. */
export function pageAddress(request: FastifyRequest, publicUrl: string | undefined): PageAddress {
  const host = request.host === '' ? undefined : request.host;
  const isPublicPage = publicUrl?.startsWith('https:') === true && new URL(publicUrl).host === host;
  return { host, isSecure: request.protocol === 'https' || isPublicPage };
}
