/** All turns of the bench: every script spoken twice, half of the scripts to tune with, the other half to report on. */
import { type LocalEngines, startLocalEngines } from '@sophy/testkit/local-engines';
import { openSpeech } from '@sophy/testkit/speech';
import { englishScripts } from './english.ts';
import { type Hearing, hearTurn } from './hearing.ts';
import { italianScripts } from './italian.ts';
import type { TurnScript } from './script.ts';
import { seededRandom } from './seeded-random.ts';
import { type SpokenTurn, speakTurn } from './spoken-turn.ts';

export type BenchTurn = {
  readonly script: TurnScript;
  readonly half: 'tuning' | 'held-out';
  readonly seed: number;
  readonly spoken: Omit<SpokenTurn, 'audio'>;
  readonly pauses: Hearing['pauses'];
};

export async function makeTurns(options: {
  readonly seed: number;
  readonly renderings: number;
  readonly onProgress: (done: number, total: number) => void;
}): Promise<readonly BenchTurn[]> {
  const all = [...englishScripts, ...italianScripts];
  const speech = openSpeech();
  let engines: Promise<LocalEngines> | undefined;
  const engineUrl = async (): Promise<string> => {
    engines ??= startLocalEngines();
    return (await engines).baseUrl;
  };
  const turns: BenchTurn[] = [];
  try {
    for (const [index, script] of all.entries()) {
      for (let rendering = 0; rendering < options.renderings; rendering += 1) {
        const seed = options.seed * 1_000_003 + index * 101 + rendering;
        const { audio, ...labels } = await speakTurn(script, speech, seededRandom(seed));
        const { pauses } = await hearTurn(script, { audio, ...labels }, engineUrl);
        turns.push({
          script,
          half: index % 2 === 0 ? 'tuning' : 'held-out',
          seed,
          spoken: labels,
          pauses,
        });
        options.onProgress(turns.length, all.length * options.renderings);
      }
    }
  } finally {
    await speech.close();
    await (await engines)?.stop();
  }
  return turns;
}
