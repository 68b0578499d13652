import { expect, it } from 'vitest';
import { type GateEvent, SpeechGate } from './speech-gate.ts';

const frameMs = 20;

/** Frames of a tone at so many dBFS. */
function frames(levelDb: number, ms: number): Float32Array[] {
  const peak = 10 ** (levelDb / 20) * Math.SQRT2;
  return Array.from({ length: ms / frameMs }, () =>
    Float32Array.from({ length: 320 }, (_, index) => peak * Math.sin(index / 5)),
  );
}

function events(parts: readonly Float32Array[][]): { atMs: number; event: GateEvent }[] {
  const gate = new SpeechGate({ endSilenceMs: 400, frameMs });
  return parts.flat().flatMap((frame, index) => {
    const event = gate.push(frame);
    return event === undefined ? [] : [{ atMs: (index + 1) * frameMs, event }];
  });
}

it('opens for speech and shuts after the pause', () => {
  expect(events([frames(-90, 1_000), frames(-25, 1_000), frames(-90, 1_000)])).toEqual([
    { atMs: 1_060, event: 'started' },
    { atMs: 2_400, event: 'stopped' },
  ]);
});

it('bridges the pauses between words', () => {
  const kinds = events([frames(-25, 500), frames(-80, 300), frames(-25, 500), frames(-80, 600)]);
  expect(kinds.map(({ event }) => event)).toEqual(['started', 'stopped']);
});

it('does not open for a click or for silence', () => {
  expect(events([frames(-90, 500), frames(-20, 40), frames(-90, 500)])).toEqual([]);
});

it('gets used to a room that hums', () => {
  const heard = events([frames(-45, 20_000), frames(-25, 600), frames(-45, 1_000)]);
  expect(heard.slice(-2)).toEqual([
    { atMs: 20_060, event: 'started' },
    { atMs: 21_000, event: 'stopped' },
  ]);
});
