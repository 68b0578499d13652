/** Addresses as people and programs write them, from what the environment says. Pure but for the network list and the certificate. */
import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { type Environment, isLoopback } from '@sophy/contracts/environment';

/** A host name as it stands in a URL. */
export function urlHost(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

/** Where programs on this machine reach a server that listens on `host`. */
export function localHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '[::1]' : urlHost(host);
}

/** First IPv4 address by which other machines may reach this one. */
export function networkAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal)?.address;
}

/** Host under which other machines reach what listens on `host`; loopback stays loopback. */
export function reachableHost(host: string, network: string | undefined): string {
  return host === '0.0.0.0' || host === '::' ? (network ?? localHost(host)) : urlHost(host);
}

/** The one address that a person opens. `withCertificate`: phones get the page with TLS. */
export function addressToOpen(
  environment: Pick<Environment, 'HOST' | 'HTTPS_PORT' | 'PUBLIC_URL'>,
  webPort: number,
  withCertificate: boolean,
  network: string | undefined,
): string {
  if (environment.PUBLIC_URL !== undefined) return environment.PUBLIC_URL;
  const host = reachableHost(environment.HOST, network);
  return withCertificate && !isLoopback(environment.HOST)
    ? `https://${host}:${environment.HTTPS_PORT}`
    : `http://${host}:${webPort}`;
}

/** Whether `certs/` holds what the API needs for https. */
export function hasCertificate(root: string): boolean {
  return ['key.pem', 'cert.pem'].every((name) => existsSync(join(root, 'certs', name)));
}
