/** The configuration of the local livekit-server, from the ports and key chosen for it. Pure. */
import { isLoopback } from '@sophy/contracts/environment';
import type { LivekitKey } from './livekit-key.ts';

export type LivekitPorts = { readonly http: number; readonly rtcTcp: number; readonly rtcUdp: number };

export type LivekitConfigurationOptions = {
  /** Address that the pages listen on: media follows it, so that whoever reaches the page also reaches the room. */
  readonly host: string;
  readonly ports: LivekitPorts;
  readonly key: LivekitKey;
  readonly webhookUrl: string;
};

/**
 * YAML for `livekit-server --config`; JSON is YAML.
 * On loopback the node address is fixed to 127.0.0.1 and nothing outside is asked. Reachable from other machines,
 * the server finds its own network address. Naming a STUN server of our own keeps browsers from asking public ones.
 */
export function livekitConfiguration(options: LivekitConfigurationOptions): string {
  const { host, ports, key } = options;
  const isLocalOnly = isLoopback(host);
  const everyAddress = host === '0.0.0.0' || host === '::';
  const configuration = {
    port: ports.http,
    ...(isLocalOnly ? { bind_addresses: ['127.0.0.1'] } : {}),
    // Our own processes reach the server on loopback in any case.
    ...(isLocalOnly || everyAddress ? {} : { bind_addresses: ['127.0.0.1', host] }),
    keys: { [key.apiKey]: key.apiSecret },
    rtc: {
      tcp_port: ports.rtcTcp,
      udp_port: ports.rtcUdp,
      use_external_ip: false,
      enable_loopback_candidate: true,
      stun_servers: ['127.0.0.1:3478'],
      ...(isLocalOnly ? { node_ip: '127.0.0.1' } : {}),
    },
    room: { auto_create: true, empty_timeout: 300, departure_timeout: 20 },
    // Workers report their share of taken slots; the server may fill the last one.
    agents: { target_load: 1 },
    webhook: { api_key: key.apiKey, urls: [options.webhookUrl] },
    logging: { level: 'info', json: true },
  };
  return `# Written by npm start at every start. Set LIVEKIT_URL to use a server of your own.\n${JSON.stringify(configuration, undefined, 2)}\n`;
}
