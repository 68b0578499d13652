/** What the media path alone costs: a caller hears its own clip back from an echo in the same room. */
import { joinCaller } from '@sophy/testkit/caller';
import { joinEcho } from '@sophy/testkit/echo';
import { startLivekitServer } from '@sophy/testkit/livekit-server';
import { concatenate, silence } from '@sophy/testkit/pcm';
import type { SpeechMaker } from '@sophy/testkit/speech';
import { pauseBeforeTurnMs, questions, warmUpTurns } from './clips.ts';
import type { BenchResult } from './report.ts';

/** First voiced sample sent → first voiced sample back, and the same for the last. */
export async function benchTransportFloor(options: {
  speech: SpeechMaker;
  turns: number;
  onTurn: (line: string) => void;
}): Promise<readonly BenchResult[]> {
  const livekit = await startLivekitServer();
  const echo = await joinEcho({ ...livekit, roomName: 'floor' });
  const caller = await joinCaller({ ...livekit, roomName: 'floor', name: 'Anna' });
  const firstMs: number[] = [];
  const lastMs: number[] = [];
  try {
    await caller.until('echo', () => caller.heard(echo.identity).latestMs);
    for (let turn = 0; turn < warmUpTurns + options.turns; turn += 1) {
      const clip = await options.speech.synthesize(questions[turn % questions.length]?.text ?? '');
      const lead = silence(pauseBeforeTurnMs(turn), clip.sampleRateHz);
      const spoken = await caller.say(concatenate(lead, clip));
      const heard = caller.heard(echo.identity);
      await caller.until('silence after the echo', () =>
        (heard.lastSoundBefore() ?? 0) > spoken.endMs && heard.isSilentFor(500) ? true : undefined,
      );
      const first = (heard.firstSoundAfter(spoken.onsetMs) ?? Number.NaN) - spoken.onsetMs;
      const last = (heard.lastSoundBefore() ?? Number.NaN) - spoken.endMs;
      options.onTurn(`first sound back after ${first.toFixed(0)} ms, last ${last.toFixed(0)} ms`);
      if (turn < warmUpTurns) continue;
      firstMs.push(first);
      lastMs.push(last);
    }
  } finally {
    await caller.leave();
    await echo.leave();
    await livekit.stop();
  }
  const conditions = { warmUpTurns, path: 'caller → livekit-server → echo → livekit-server → caller' };
  return [
    {
      name: 'transport-floor-first',
      what: 'transport floor, first sound',
      measuredMs: firstMs,
      injectedMs: 0,
      failures: [],
      conditions,
    },
    {
      name: 'transport-floor-last',
      what: 'transport floor, last sound',
      measuredMs: lastMs,
      injectedMs: 0,
      failures: [],
      conditions,
    },
  ];
}
