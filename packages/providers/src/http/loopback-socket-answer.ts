/** Test support: gives one answer of a played engine over a WebSocket message by message, or goes wrong as told. */
import { once } from 'node:events';
import type { WebSocket } from 'ws';
import type { EngineFault } from './engine-fault.ts';
import type { LoopbackOutcome, LoopbackPace } from './loopback-answer.ts';

export type LoopbackSocketAnswer = {
  /** Messages that are one piece together. */
  readonly pieces: readonly (readonly (string | Uint8Array)[])[];
  readonly pace?: LoopbackPace | undefined;
  /** How the service refuses on a connection that is open already. */
  refuse(status: number): void;
  /** Whether the client has taken its request back. */
  isStopped?(): boolean;
};

/** Ends when the answer is given or the client is gone. */
export async function giveLoopbackSocketAnswer(
  socket: WebSocket,
  { pieces, pace, refuse, isStopped }: LoopbackSocketAnswer,
  fault: EngineFault | undefined,
): Promise<Exclude<LoopbackOutcome, 'running'>> {
  const gone = socket.readyState === socket.OPEN ? once(socket, 'close') : Promise.resolve();
  switch (fault?.type) {
    case 'refused':
      socket.terminate();
      return 'cut';
    case 'status':
      refuse(fault.status);
      return 'cut';
    case 'garbage':
      socket.send('<!doctype html><title>Not what you asked for</title>');
      return 'cut';
    case 'hang':
      await gone;
      return 'cut';
    case 'stall':
    case 'disconnect':
    case undefined:
  }
  for (const [index, messages] of pieces.entries()) {
    if (fault !== undefined && index >= fault.afterPieces) break;
    await Promise.race([pace?.(index), gone]);
    if (socket.readyState !== socket.OPEN || isStopped?.() === true) return 'cut';
    for (const message of messages) socket.send(message);
  }
  if (fault?.type === 'disconnect') {
    // What was sent reaches the client before the connection breaks.
    await new Promise<void>((resolve) => socket.ping('', false, () => resolve()));
    socket.terminate();
    return 'cut';
  }
  if (fault?.type === 'stall') {
    await gone;
    return 'cut';
  }
  return 'complete';
}
