/** LiveKit's addresses: as the API calls it, and as a browser is told it. */
import { isLoopback } from '@sophy/contracts/environment';

export type LivekitAddresses = {
  /** `LIVEKIT_URL`. */
  readonly url: string;
  /** `LIVEKIT_PUBLIC_URL`. */
  readonly publicUrl: string | undefined;
};

/**
 * Address for the client. A LiveKit on this machine is told under the host name by which the page was reached,
 * so that a telephone in the same network finds it too.
 */
export function livekitUrlFor(addresses: LivekitAddresses, hostHeader: string | undefined): string {
  if (addresses.publicUrl !== undefined) return addresses.publicUrl;
  const url = new URL(addresses.url);
  const page = `http://${hostHeader ?? ''}`;
  if (isLoopback(url.hostname) && URL.canParse(page)) {
    const { hostname } = new URL(page);
    if (hostname !== '' && !isLoopback(hostname)) url.hostname = hostname;
  }
  return url.href.replace(/\/$/, '');
}

/** `ws` becomes `http`, `wss` becomes `https`. */
export function livekitHttpUrl(url: string): string {
  return url.replace(/^ws/, 'http');
}
