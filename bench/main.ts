/**
 * Measures the product from the audio that a caller receives in a live room.
 *
 *   npm run bench                             everything, 30 turns each, 10 with the local engines
 *   npm run bench -- --only transport-floor   one of them
 *   npm run bench -- --only interruptions     all whose names begin so
 *   npm run bench -- --only interruptions --settings '{"barge_in_min_speech_ms": 500}'
 *                                             with other settings than the product's own
 *   npm run bench -- --turns 100 --full       more turns; --full gives the local engines 30
 */
import { parseArgs } from 'node:util';
import { dispose } from '@livekit/rtc-node';
import { settingsPatchSchema } from '@sophy/contracts/settings';
import { openSpeech } from '@sophy/testkit/speech';
import { benchBargeIn } from './barge-in.ts';
import { benchInterruptions } from './interruptions.ts';
import { benchLanes } from './lanes.ts';
import { type BenchReport, type BenchResult, table, writeReport, writeResult } from './report.ts';
import { benchSpeculation } from './speculation.ts';
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
    settings: { type: 'string', default: '{}' },
  },
});
const turns = Number(values.turns);
if (!Number.isInteger(turns) || turns < 1) {
  console.error(`--turns must be a whole number of at least 1, not ${values.turns}`);
  process.exit(64);
}

const settings = settingsPatchSchema.safeParse(JSON.parse(values.settings));
if (!settings.success) {
  console.error(`--settings: ${settings.error.message}`);
  process.exit(64);
}

const speech = openSpeech();
const onTurn = (line: string): void => console.log(`  ${line}`);

const live = { speech, turns, onTurn, settings: settings.data };

const benches: Readonly<Record<string, () => Promise<readonly (BenchResult | BenchReport)[]>>> = {
  'transport-floor': () => benchTransportFloor({ speech, turns, onTurn }),
  'voice-to-voice-upload': () => benchVoiceToVoiceUpload(live),
  'voice-to-voice-streaming': () => benchVoiceToVoiceStreaming(live),
  'barge-in': () => benchBargeIn({ speech, turns, onTurn }),
  'interruptions-upload': () => benchInterruptions(live, 'upload'),
  'interruptions-streaming': () => benchInterruptions(live, 'streaming'),
  speculation: () => benchSpeculation({ speech, turns, onTurn }),
  lanes: () => benchLanes({ speech, turns, onTurn }),
  'voice-to-voice-local': () =>
    benchVoiceToVoiceLocal({ speech, turns: values.full ? turns : Math.min(turns, 10), onTurn }),
};

const { only } = values;
const chosen = Object.keys(benches).filter(
  (name) => only === undefined || name === only || name.startsWith(`${only}-`),
);
if (chosen.length === 0) {
  console.error(`--only ${only}: choose from ${Object.keys(benches).join(', ')}`);
  process.exit(64);
}
const results: BenchResult[] = [];
try {
  for (const name of chosen) {
    const run = benches[name];
    if (run === undefined) continue;
    console.log(`${name}:`);
    for (const outcome of await run()) {
      if ('lines' in outcome) {
        console.log(['', ...outcome.lines, ''].join('\n'));
        console.log(`  written to ${await writeReport(outcome)}`);
      } else {
        results.push(outcome);
        console.log(`  written to ${await writeResult(outcome)}`);
      }
    }
  }
  if (results.length > 0) console.log(`\nAll figures in ms.\n${table(results)}`);
} finally {
  await speech.close();
  await dispose();
}
