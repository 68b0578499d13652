/** Refuses requests that another web site makes in the visitor's browser: foreign origins and rebound host names. */
import { isLoopback } from '@sophy/contracts/environment';

export type OriginRules = {
  /** Address that the server listens on. */
  readonly listenHost: string;
  readonly publicUrl: string | undefined;
};

export type OriginHeaders = {
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly secFetchSite: string | undefined;
};

const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Why the request is refused (403), or undefined where it is fine. */
export function refusalOfOrigin(headers: OriginHeaders, rules: OriginRules): string | undefined {
  const publicHost = rules.publicUrl === undefined ? undefined : new URL(rules.publicUrl).host;
  const { host } = headers;
  if (isLoopback(rules.listenHost) && host !== undefined && !isKnownHost(host, publicHost)) {
    return 'This server answers only under its own address: localhost, or the one in PUBLIC_URL.';
  }
  if (readingMethods.has(headers.method)) return undefined;
  const isForeign =
    headers.origin === undefined
      ? // Browsers send Sec-Fetch-Site also where they leave Origin out; other programs send neither.
        headers.secFetchSite === 'cross-site'
      : ![host, publicHost].includes(hostOf(headers.origin));
  return isForeign
    ? 'Another web site may not change anything here. Behind a proxy, set PUBLIC_URL to the address of the pages.'
    : undefined;
}

/** Origins that are no address, such as `null` of a sandboxed page, match no host. */
function hostOf(origin: string): string {
  return (URL.canParse(origin) && new URL(origin).host) || 'no host';
}

function isKnownHost(host: string, publicHost: string | undefined): boolean {
  if (host === publicHost) return true;
  const parsed = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : undefined;
  return parsed !== undefined && isLoopback(parsed.hostname);
}
