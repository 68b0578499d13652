/** A few engines fail in live calls, each in its own way: another one answers, and the call goes on. */
import { dispose } from '@livekit/rtc-node';
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import { createTestDatabase } from '@sophy/testkit/postgres';
import { type Product, startProduct } from '@sophy/testkit/product';
import { openSpeech } from '@sophy/testkit/speech';
import { beforeAll, expect, onTestFailed, test } from 'vitest';
import { type EnginesUnderTest, startEnginesUnderTest } from './engines-under-test.ts';
import { matrixPromises } from './matrix-report.ts';
import { type MatrixFault, playCase } from './play-case.ts';

const question = 'Can you tell me about that?';
const answer = 'The library opens at nine and closes at seven on most days.';
/** What other tests on the same machine may add, ms; the figures themselves come from the whole matrix. */
const slackMs = 3_000;

const cases: readonly (readonly [string, MatrixFault])[] = [
  ['stt:deepgram', '500'],
  ['stt:cartesia', 'disconnect'],
  ['llm:groq', 'hangs'],
  ['llm:ollama', 'stalls'],
  ['tts:elevenlabs', 'stalls'],
  ['tts:cartesia', 'disconnect'],
];

let under: EnginesUnderTest;
let product: Product;
let audio: PcmAudio;

beforeAll(async () => {
  const speech = openSpeech();
  audio = await speech.synthesize(question);
  await speech.close();
  under = await startEnginesUnderTest({ text: question, audio });
  const database = await createTestDatabase();
  product = await startProduct({
    databaseUrl: database.url,
    engines: { env: under.env },
    settings: under.usual,
    env: { WORKER_SLOTS: '12' },
  });
  return async () => {
    await product.stop();
    await under.close();
    await database.drop();
    await dispose();
  };
});

test.each(cases)('%s %s: another engine answers, and the call goes on', async (name, fault) => {
  onTestFailed(() => {
    console.error(product.logs());
  });
  const engine = under.engines.find((one) => `${one.stage}:${one.engine}` === name);
  if (engine === undefined) throw new Error(`there is no engine ${name}`);
  const roomName = name.replaceAll(':', '-');
  const result = await playCase({ product, under, engine, fault, question: audio, answer, roomName });
  expect(result.hasGoneOn).toBe(true);
  expect(result.answerMs).not.toBeNull();
  expect(result.answerMs).toBeLessThan(matrixPromises.answerMs + slackMs);
  expect(result.deadAirMs).toBeLessThan(matrixPromises.deadAirP95Ms + slackMs);
  expect(result.repeatedWords).toBeLessThanOrEqual(matrixPromises.repeatedWords);
});
