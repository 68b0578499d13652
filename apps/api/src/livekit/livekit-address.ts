/** LiveKit's addresses: as the API calls it, and as a browser is told it. */
import { isLoopback } from '@sophy/contracts/environment';
import type { PageAddress } from '../http/page-address.ts';

export type LivekitAddresses = {
  /** `LIVEKIT_URL`. */
  readonly url: string;
  /** `LIVEKIT_PUBLIC_URL`. */
  readonly publicUrl: string | undefined;
};

/**
 * Address for the client. A LiveKit on this machine is told under the host name by which the page was reached,
 * so that a telephone in the same network finds it too. A page that came over HTTPS may not open `ws://`: where LiveKit
 * has no safe address of its own, the page gets ours, which hands `/rtc` on.
 */
export function livekitUrlFor(addresses: LivekitAddresses, { host, isSecure }: PageAddress): string {
  const direct = addresses.publicUrl ?? addresses.url;
  if (isSecure && !/^(wss|https):/.test(direct) && host !== undefined && isPlainHost(host)) {
    return `wss://${host}`;
  }
  if (addresses.publicUrl !== undefined) return addresses.publicUrl;
  const url = new URL(addresses.url);
  const page = `http://${host ?? ''}`;
  if (isLoopback(url.hostname) && URL.canParse(page)) {
    const { hostname } = new URL(page);
    if (hostname !== '' && !isLoopback(hostname)) url.hostname = hostname;
  }
  return url.href.replace(/\/$/, '');
}

/** A name or address and a port, and nothing that could write into a header. */
function isPlainHost(host: string): boolean {
  return /^([\w.-]+|\[[\da-f:.]+\])(:\d+)?$/i.test(host) && URL.canParse(`https://${host}`);
}

/** `ws` becomes `http`, `wss` becomes `https`. */
export function livekitHttpUrl(url: string): string {
  return url.replace(/^ws/, 'http');
}
