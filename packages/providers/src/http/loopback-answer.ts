/** Test support: gives one HTTP answer of a played engine piece by piece, or goes wrong as told. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { EngineFault } from './engine-fault.ts';

/** `cut`: the client left, or a fault ended it. */
export type LoopbackOutcome = 'running' | 'complete' | 'cut';

/** Waits before a piece is given, counted from 0; left out: no wait. */
export type LoopbackPace = (piece: number) => Promise<void>;

export type LoopbackAnswer = {
  readonly headers: Readonly<Record<string, string>>;
  readonly pieces: readonly (string | Uint8Array)[];
  readonly pace?: LoopbackPace | undefined;
  /** Body that the service gives with a status that is no success. */
  refusal(status: number): object;
};

/** Ends when the answer is given or the client is gone. */
export async function giveLoopbackAnswer(
  response: ServerResponse,
  { headers, pieces, pace, refusal }: LoopbackAnswer,
  fault: EngineFault | undefined,
): Promise<Exclude<LoopbackOutcome, 'running'>> {
  const gone = once(response, 'close');
  switch (fault?.type) {
    case 'refused':
      response.destroy();
      return 'cut';
    case 'hang':
      await gone;
      return 'cut';
    case 'status': {
      const { status, retryAfterSeconds } = fault;
      const wait = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
      response.writeHead(status, { 'content-type': 'application/json', ...wait });
      response.end(JSON.stringify(refusal(status)));
      return 'cut';
    }
    case 'garbage':
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<!doctype html><title>Not what you asked for</title>');
      return 'cut';
    case 'stall':
    case 'disconnect':
    case undefined:
  }
  response.writeHead(200, headers);
  for (const [index, piece] of pieces.entries()) {
    if (fault !== undefined && index >= fault.afterPieces) break;
    await Promise.race([pace?.(index), gone]);
    if (response.destroyed) return 'cut';
    response.write(piece);
  }
  if (fault?.type === 'disconnect') {
    response.destroy();
    return 'cut';
  }
  if (fault?.type === 'stall') {
    response.flushHeaders();
    await gone;
    return 'cut';
  }
  response.end();
  return 'complete';
}
