/** Test support: how a loopback engine goes wrong over a WebSocket. */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { EngineFault } from './engine-fault.ts';

/** The fault of each stage until it is taken back. */
export class EngineFaults<Stage extends string> {
  readonly #faults = new Map<Stage, EngineFault>();

  set(stage: Stage, fault: EngineFault | undefined): void {
    if (fault === undefined) this.#faults.delete(stage);
    else this.#faults.set(stage, fault);
  }

  get(stage: Stage): EngineFault | undefined {
    return this.#faults.get(stage);
  }
}

/** Applies a fault that comes before a WebSocket is open; true: the request is dealt with. One that hangs is opened and says nothing. */
export function failHandshake(fault: EngineFault | undefined, socket: Duplex): boolean {
  if (fault?.type === 'refused') socket.destroy();
  else if (fault?.type === 'status') refuseHandshake(socket, fault.status, retryAfterHeader(fault));
  else return false;
  return true;
}

export function refuseHandshake(
  socket: Duplex,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} Refused\r\n${lines.join('')}content-length: 0\r\nconnection: close\r\n\r\n`);
}

function retryAfterHeader(fault: EngineFault & { readonly type: 'status' }): Record<string, string> {
  return fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
}

/** Sends the messages of one answer as far as the fault of the moment lets them through. */
export class FaultySender {
  readonly #socket: WebSocket;
  readonly #fault: () => EngineFault | undefined;
  #seen: EngineFault | undefined;
  #pieces = 0;

  constructor(socket: WebSocket, fault: () => EngineFault | undefined) {
    this.#socket = socket;
    this.#fault = fault;
  }

  send(message: object): void {
    const fault = this.#fault();
    if (fault !== this.#seen) {
      this.#seen = fault;
      this.#pieces = 0;
    }
    this.#pieces += 1;
    switch (fault?.type) {
      case 'refused':
      case 'status':
        this.#socket.terminate();
        return;
      case 'hang':
        return;
      case 'garbage':
        this.#socket.send('<html>not what was asked for</html>');
        return;
      case 'stall':
        if (this.#pieces <= fault.afterPieces) this.#socket.send(JSON.stringify(message));
        return;
      case 'disconnect':
        if (this.#pieces <= fault.afterPieces) this.#socket.send(JSON.stringify(message));
        else this.#socket.terminate();
        return;
      case undefined:
        this.#socket.send(JSON.stringify(message));
    }
  }
}
