/**
 * Measures the product from the audio that a caller receives in a live room.
 *
 *   npm run bench                             everything, 30 turns each, 10 with the local engines
 *   npm run bench -- --only transport-floor   one of them
 *   npm run bench -- --turns 100 --full       more turns; --full gives the local engines 30
 */
import { parseArgs } from 'node:util';
import { dispose } from '@livekit/rtc-node';
import { openSpeech } from '@sophy/testkit/speech';
import { benchBargeIn } from './barge-in.ts';
import { type BenchResult, table, writeResult } from './report.ts';
import { benchTransportFloor } from './transport-floor.ts';
import {
  benchVoiceToVoiceLocal,
  benchVoiceToVoiceStreaming,
  benchVoiceToVoiceUpload,
} from './voice-to-voice.ts';

const { values } = parseArgs({
  options: {
    turns: { type: 'string', default: '30' },
    only: { type: 'string' },
    full: { type: 'boolean', default: false },
  },
});
const turns = Number(values.turns);
if (!Number.isInteger(turns) || turns < 1) {
  console.error(`--turns must be a whole number of at least 1, not ${values.turns}`);
  process.exit(64);
}

const speech = openSpeech();
const onTurn = (line: string): void => console.log(`  ${line}`);

const benches: Readonly<Record<string, () => Promise<readonly BenchResult[]>>> = {
  'transport-floor': () => benchTransportFloor({ speech, turns, onTurn }),
  'voice-to-voice-upload': () => benchVoiceToVoiceUpload({ speech, turns, onTurn }),
  'voice-to-voice-streaming': () => benchVoiceToVoiceStreaming({ speech, turns, onTurn }),
  'barge-in': () => benchBargeIn({ speech, turns, onTurn }),
  'voice-to-voice-local': () =>
    benchVoiceToVoiceLocal({ speech, turns: values.full ? turns : Math.min(turns, 10), onTurn }),
};

const chosen = values.only === undefined ? Object.keys(benches) : [values.only];
const results: BenchResult[] = [];
try {
  for (const name of chosen) {
    const run = benches[name];
    if (run === undefined) throw new Error(`--only ${name}: choose from ${Object.keys(benches).join(', ')}`);
    console.log(`${name}:`);
    for (const result of await run()) {
      results.push(result);
      console.log(`  written to ${await writeResult(result)}`);
    }
  }
  console.log(`\nAll figures in ms.\n${table(results)}`);
} finally {
  await speech.close();
  await dispose();
}
