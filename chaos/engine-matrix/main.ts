/**
 * Every engine with every fault, each in a live call with another engine to take over, and what people heard of it.
 *
 *   npm run engines:matrix                        162 cases, about half an hour
 *   npm run engines:matrix -- --only tts:edge     one engine, or one stage
 *   npm run engines:matrix -- --out matrix.json   every case as JSON
 *   npm run engines:matrix -- --switch 8          instead: every engine put in place during eight calls
 */
import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { dispose } from '@livekit/rtc-node';
import { withProduct } from '@sophy/bench/bench-product';
import { summarize } from '@sophy/bench/percentiles';
import { callEventsResponseSchema } from '@sophy/contracts/http-calls';
import { parseAgentIdentity } from '@sophy/contracts/job-metadata';
import { type JournalEvent, journalEventSchema } from '@sophy/contracts/journal-event';
import type { Caller } from '@sophy/testkit/caller';
import type { Product } from '@sophy/testkit/product';
import { openSpeech } from '@sophy/testkit/speech';
import { type EngineUnderTest, startEnginesUnderTest } from './engines-under-test.ts';
import { matrixReport } from './matrix-report.ts';
import { type CaseResult, type MatrixFault, matrixFaultNames, playCase } from './play-case.ts';
import { playSwitching } from './play-switching.ts';

const { values } = parseArgs({
  options: { only: { type: 'string' }, out: { type: 'string' }, switch: { type: 'string' } },
});
const question = 'Can you tell me about that?';
/** Twelve words: the sentence that a voice breaks off in. */
const answer = 'The library opens at nine and closes at seven on most days.';

const speech = openSpeech();
const audio = await speech.synthesize(question);
await speech.close();
const under = await startEnginesUnderTest({ text: question, audio });
const engines = under.engines.filter(
  ({ stage, engine }) => values.only === undefined || [stage, `${stage}:${engine}`].includes(values.only),
);
if (engines.length === 0) {
  const names = under.engines.map(({ stage, engine }) => `${stage}:${engine}`).join(', ');
  console.error(`--only ${values.only}: choose from ${names}`);
  process.exit(64);
}
const results: CaseResult[] = [];
const broken: string[] = [];
// Calls end some seconds after their last person has left.
const env = { WORKER_SLOTS: '30' };
let isKept = false;
try {
  await withProduct({ engines: { env: under.env }, settings: under.usual, env }, async (product) => {
    isKept =
      values.switch === undefined ? await playMatrix(product) : await switchEngines(product, values.switch);
  });
} finally {
  await under.close();
  await dispose();
}
console.log(`load at the end ${loadavg()[0]?.toFixed(1)}`);
process.exit(isKept ? 0 : 1);

async function playMatrix(product: Product): Promise<boolean> {
  for (const engine of engines) for (const fault of matrixFaultNames) await play(product, engine, fault);
  const report = matrixReport(results, broken);
  console.log(['', ...report.lines].join('\n'));
  if (values.out !== undefined)
    await writeFile(values.out, JSON.stringify({ results, broken }, undefined, 1));
  return report.isKept;
}

async function play(product: Product, engine: EngineUnderTest, fault: MatrixFault): Promise<void> {
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

async function switchEngines(product: Product, count: string): Promise<boolean> {
  const startMs = performance.now();
  const result = await playSwitching({
    product,
    under,
    calls: Number(count),
    question: audio,
    answer,
    readUsage: (caller) => readUsage(product, caller),
    onProgress: (line) => console.log(line),
  });
  const { p50, p95, max } = summarize(result.answersMs);
  const seconds = ((performance.now() - startMs) / 1_000).toFixed(0);
  console.log(
    `${result.switches} switches during ${result.calls} calls in ${seconds} s: ${result.answersMs.length} answers, first sound p50 ${p50.toFixed(0)}, p95 ${p95.toFixed(0)}, max ${max.toFixed(0)} ms`,
  );
  console.log(result.broken.length === 0 ? 'Every promise was kept.' : result.broken.join('\n'));
  return result.broken.length === 0;
}

async function readUsage(product: Product, caller: Caller): Promise<readonly JournalEvent[]> {
  const agent = parseAgentIdentity(caller.agentIdentity ?? '');
  if (agent === undefined) return [];
  const answer = await product.api('GET', `/api/calls/${agent.callId}/events?type=usage&limit=1000`);
  const { events } = callEventsResponseSchema.parse(answer.body);
  return events.map(({ type, payload }) =>
    journalEventSchema.parse({ type, ...(typeof payload === 'object' ? payload : {}) }),
  );
}
