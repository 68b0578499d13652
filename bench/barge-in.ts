/** First voiced sample of somebody who talks over the agent → last sound of the agent at the receiver. */
import type { Caller } from '@sophy/testkit/caller';
import { concatenate, silence } from '@sophy/testkit/pcm';
import { openaiEngines } from '@sophy/testkit/product';
import { startScriptedEngineServer } from '@sophy/testkit/scripted-engine-server';
import { withProduct } from './bench-product.ts';
import { interruption, interruptionAtMs, longQuestion, pauseBeforeTurnMs, warmUpTurns } from './clips.ts';
import type { BenchResult } from './report.ts';
import { scriptedDelays, type VoiceBenchOptions } from './voice-to-voice.ts';

/** Two people in the room; Anna asks, Bruno talks over the answer, both listen. Bruno's ears are the figure. */
export async function benchBargeIn(options: VoiceBenchOptions): Promise<readonly BenchResult[]> {
  let understood: string = longQuestion.text;
  const engines = await startScriptedEngineServer({
    delays: scriptedDelays,
    tokensPerSecond: 1_000,
    transcripts: () => understood,
    reply: longQuestion.reply,
  });
  const question = await options.speech.synthesize(longQuestion.text);
  const over = await options.speech.synthesize(interruption);
  const atBruno: number[] = [];
  const atAnna: number[] = [];
  const failures: string[] = [];
  const settings = { follow_up_seconds: 0 };
  try {
    await withProduct({ engines: openaiEngines(engines.baseUrl), settings }, async (product) => {
      const anna = await product.joinCaller({ roomName: 'bench', name: 'Anna' });
      const bruno = await product.joinCaller({ roomName: 'bench', name: 'Bruno' });
      await Promise.all([anna, bruno].map((caller) => caller.waitForAgent()));
      await anna.waitForAgentState('listening');
      for (let turn = 0; turn < warmUpTurns + options.turns; turn += 1) {
        understood = longQuestion.text;
        const lead = silence(pauseBeforeTurnMs(turn), question.sampleRateHz);
        const asked = await anna.say(concatenate(lead, question));
        const voiceMs = await anna.waitForVoice(asked.endMs);
        const talkMs = interruptionAtMs(turn);
        await bruno.until('some of the answer', () =>
          (bruno.heardAgent().latestMs ?? 0) > voiceMs + talkMs ? true : undefined,
        );
        understood = interruption;
        const spoken = await bruno.say(over);
        await Promise.all([anna, bruno].map((caller) => caller.waitForAgentSilence(800)));
        const stops = [bruno, anna].map((caller) => stoppedAfter(caller, voiceMs, spoken));
        const [bruno1, anna1] = stops;
        options.onTurn(
          `turn ${turn + 1}: cut ${talkMs} ms into the reply, at Bruno ${bruno1?.toFixed(0)} ms, at Anna ${anna1?.toFixed(0)} ms${turn < warmUpTurns ? ' (warm-up)' : ''}`,
        );
        if (turn < warmUpTurns) continue;
        if (bruno1 === undefined || anna1 === undefined) {
          failures.push(
            `turn ${turn + 1}: the agent was not speaking, or spoke on to the end of the interruption`,
          );
          continue;
        }
        atBruno.push(bruno1);
        atAnna.push(anna1);
      }
    });
  } finally {
    await engines.stop();
  }
  const conditions = { delays: scriptedDelays, settings, warmUpTurns, interruption };
  return [
    {
      name: 'barge-in-interrupter',
      what: 'barge-in, at who interrupts',
      measuredMs: atBruno,
      injectedMs: 0,
      failures,
      conditions,
    },
    {
      name: 'barge-in-other',
      what: 'barge-in, at the other person',
      measuredMs: atAnna,
      injectedMs: 0,
      failures,
      conditions,
    },
  ];
}

/** From the interruption's first sound to the end of the sound that it cut; undefined when it cut nothing. */
function stoppedAfter(
  caller: Caller,
  sinceMs: number,
  spoken: { readonly onsetMs: number; readonly endMs: number },
): number | undefined {
  const cut = caller
    .heardAgent()
    .segments(sinceMs)
    .find(({ startMs, endMs }) => startMs < spoken.onsetMs && endMs > spoken.onsetMs);
  return cut === undefined || cut.endMs > spoken.endMs ? undefined : cut.endMs - spoken.onsetMs;
}
