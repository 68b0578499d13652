/** Keep-alive connections, one pool for each origin, shared by every adapter of the process. */
import { Agent } from 'undici';

const agents = new Map<number, Agent>();
const closers = new Set<() => void>();

/**
 * The agent whose connections must open within `connectMs`. Connections stay warm for a minute of
 * silence between two turns unless the server asks for less.
 */
export function connectionPool(connectMs: number): Agent {
  const known = agents.get(connectMs);
  if (known !== undefined) return known;
  const agent = new Agent({
    connect: { timeout: connectMs },
    keepAliveTimeout: 60_000,
    keepAliveMaxTimeout: 600_000,
    // Deadlines of the adapters are finer than these two and name what was late.
    headersTimeout: 0,
    bodyTimeout: 0,
    // One request a connection: an aborted answer then costs no other request anything.
    allowH2: false,
    pipelining: 1,
  });
  agents.set(connectMs, agent);
  return agent;
}

/** Connections that are kept outside of the agents, such as WebSockets at rest, are closed with them. */
export function closeWithConnections(close: () => void): void {
  closers.add(close);
}

/** Closes every connection at once; for the end of the process and of tests. */
export async function closeConnections(): Promise<void> {
  for (const close of closers) close();
  const open = [...agents.values()];
  agents.clear();
  await Promise.all(open.map((agent) => agent.destroy()));
}
