/** Gives one HTTP answer of a scripted engine piece by piece at exact times, or goes wrong as told. */

import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { EngineFault } from '@sophy/providers/http/engine-fault';
import { type RecordedRequest, unixMs } from './scripted-engine-server-script.ts';

export type TimedAnswer = {
  readonly contentType: string;
  /** Wait before the first piece, ms. */
  readonly firstMs: number;
  /** Between two pieces, ms. */
  readonly pieceMs: number;
  readonly pieces: readonly (string | Uint8Array)[];
};

/** Times count from `record.atMs` on, so that late timers do not add up. */
export async function giveAnswer(
  response: ServerResponse,
  record: RecordedRequest,
  answer: TimedAnswer,
  fault: EngineFault | undefined,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const waitUntil = async (atMs: number) => {
    // Timers may fire up to a millisecond early.
    for (let waitMs = atMs - unixMs(); waitMs > 0; waitMs = atMs - unixMs())
      await delay(Math.ceil(waitMs), undefined, { signal: gone.signal });
  };
  try {
    if (fault?.type === 'refused') {
      response.destroy();
      return;
    }
    if (fault?.type === 'hang') {
      await onceAborted(gone.signal);
      return;
    }
    const firstAtMs = record.atMs + answer.firstMs;
    await waitUntil(firstAtMs);
    record.waitedMs = unixMs() - record.atMs;
    if (fault?.type === 'status') {
      giveStatus(response, fault);
      return;
    }
    const isGarbage = fault?.type === 'garbage';
    response.writeHead(200, { 'content-type': isGarbage ? 'text/html' : answer.contentType });
    if (isGarbage) {
      response.end('<!doctype html><title>Not what you asked for</title>');
      return;
    }
    for (const [index, piece] of answer.pieces.entries()) {
      if (fault?.type === 'stall' && index >= fault.afterPieces) await onceAborted(gone.signal);
      if (fault?.type === 'disconnect' && index >= fault.afterPieces) {
        response.destroy();
        return;
      }
      await waitUntil(firstAtMs + index * answer.pieceMs);
      if (gone.signal.aborted) return;
      response.write(piece);
    }
    response.end();
    record.outcome = 'complete';
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  } finally {
    if (record.outcome === 'running') record.outcome = 'cut';
  }
}

function giveStatus(response: ServerResponse, fault: EngineFault & { readonly type: 'status' }): void {
  const retryAfter =
    fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
  response.writeHead(fault.status, { 'content-type': 'application/json', ...retryAfter });
  response.end(JSON.stringify({ error: { message: 'scripted fault', type: 'scripted_fault' } }));
}

async function onceAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
