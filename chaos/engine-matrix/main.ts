/**
 * Every engine with every fault, each in a live call with another engine to take over, and what people heard of it.
 *
 *   npm run engines:matrix                        162 cases, about half an hour
 *   npm run engines:matrix -- --only tts:edge     one engine
 *   npm run engines:matrix -- --out matrix.json   every case as JSON
 */
import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { dispose } from '@livekit/rtc-node';
import { withProduct } from '@sophy/bench/bench-product';
import { openSpeech } from '@sophy/testkit/speech';
import { startEnginesUnderTest } from './engines-under-test.ts';
import { matrixReport } from './matrix-report.ts';
import { type CaseResult, matrixFaultNames, playCase } from './play-case.ts';

const { values } = parseArgs({ options: { only: { type: 'string' }, out: { type: 'string' } } });
const question = 'Can you tell me about that?';
/** Twelve words: the sentence that a voice breaks off in. */
const answer = 'The library opens at nine and closes at seven on most days.';

const speech = openSpeech();
const audio = await speech.synthesize(question);
await speech.close();
const under = await startEnginesUnderTest({ text: question, audio });
const engines = under.engines.filter(
  ({ stage, engine }) => values.only === undefined || values.only === `${stage}:${engine}`,
);
if (engines.length === 0) {
  const names = under.engines.map(({ stage, engine }) => `${stage}:${engine}`).join(', ');
  console.error(`--only ${values.only}: choose from ${names}`);
  process.exit(64);
}
const results: CaseResult[] = [];
const broken: string[] = [];
try {
  // Calls end some seconds after their last person has left.
  const env = { WORKER_SLOTS: '30' };
  await withProduct({ engines: { env: under.env }, settings: under.usual, env }, async (product) => {
    for (const engine of engines) {
      for (const fault of matrixFaultNames) {
        const name = `${engine.stage}:${engine.engine} ${fault}`;
        const roomName = name.replaceAll(/[^a-z0-9]/g, '-');
        try {
          const result = await playCase({ product, under, engine, fault, question: audio, answer, roomName });
          results.push(result);
          const { firstSoundMs, deadAirMs, answerMs, repeatedWords } = result;
          const parts = [
            `first sound ${firstSoundMs.toFixed(0)}`,
            `dead air ${deadAirMs.toFixed(0)}`,
            `answer ${answerMs?.toFixed(0) ?? 'none'}`,
            `repeated ${repeatedWords.toFixed(1)}`,
          ];
          console.log(`${name}: ${parts.join(', ')}${result.hasGoneOn ? '' : ', CALL ENDED'}`);
        } catch (error) {
          broken.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
          console.log(broken.at(-1));
        }
      }
    }
  });
} finally {
  await under.close();
  await dispose();
}
const report = matrixReport(results, broken);
console.log(['', ...report.lines, `load at the end ${loadavg()[0]?.toFixed(1)}`].join('\n'));
if (values.out !== undefined) await writeFile(values.out, JSON.stringify({ results, broken }, undefined, 1));
process.exit(report.isKept ? 0 : 1);
