/**
 * Real local engines in a live Italian call: how many words are heard wrongly, in which language, how long the answer
 * takes, and how much of the agent's own voice can be understood.
 *
 *   npm run bench:italian                                     the product's own Italian voice calls
 *   npm run bench:italian -- --caller 'pico2wave -l it-IT -w' a program of the machine calls; may be given several times
 *   npm run bench:italian -- --recognition it                 the language is told, not detected; English is left out
 *   npm run bench:italian -- --sentences 5 --out /tmp/call.json
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { arch, availableParallelism, cpus, loadavg, platform } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { dispose } from '@livekit/rtc-node';
import { startLocalEngines } from '@sophy/testkit/local-engines';
import { localEngines } from '@sophy/testkit/product';
import { openSpeech } from '@sophy/testkit/speech';
import { z } from 'zod';
import { withProduct } from '../bench-product.ts';
import { callLines } from './call-lines.ts';
import { type CallerVoice, ownVoice, programVoice } from './caller-voice.ts';
import { type JudgedCall, judgeCall } from './judged-call.ts';
import { runLiveCall } from './live-call.ts';
import { callSentences } from './sentences.ts';

const { values } = parseArgs({
  options: {
    caller: { type: 'string', multiple: true, default: ['own'] },
    recognition: { type: 'string', multiple: true, default: ['auto'] },
    sentences: { type: 'string', default: String(callSentences.length) },
    out: { type: 'string', default: join(import.meta.dirname, '../results/italian-call.json') },
  },
});
const options = z
  .object({
    caller: z.array(z.string().min(1)),
    recognition: z.array(z.enum(['auto', 'it'])),
    sentences: z.coerce.number().int().min(1),
    out: z.string().min(1),
  })
  .safeParse(values);
if (!options.success) {
  console.error(z.prettifyError(options.error));
  process.exit(64);
}
const { caller: callers, recognition, sentences: count, out } = options.data;

const speech = openSpeech();
const voices: readonly CallerVoice[] = callers.map((caller) =>
  caller === 'own' ? ownVoice(speech) : programVoice(caller, speech),
);
const calls: JudgedCall[] = [];
try {
  for (const voice of voices) for (const language of recognition) calls.push(await oneCall(voice, language));
  const file = resolve(out);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(record(), null, 2)}\n`);
  console.log(`\nwritten to ${file}`);
} finally {
  await speech.close();
  await dispose();
}

async function oneCall(voice: CallerVoice, language: 'auto' | 'it'): Promise<JudgedCall> {
  const sentences = callSentences
    .filter((sentence) => language === 'auto' || sentence.language === language)
    .slice(0, count);
  // Made before the engines of the call work: a voice that fails does so here.
  for (const sentence of sentences) await voice.say(sentence);
  const settings = { whisper_language: language, tts_language: 'auto' } as const;
  console.log(`\ncaller ${voice.name}, recognition ${language}, ${sentences.length} sentences`);
  const engines = await startLocalEngines({ brain: true });
  try {
    const loadBefore = loadavg()[0] ?? 0;
    const turns = await withProduct({ engines: localEngines(engines.baseUrl), settings }, (product) =>
      runLiveCall({
        product,
        roomName: `italian-${voice.name}-${language}`,
        sentences,
        clipOf: (sentence) => voice.say(sentence),
        onTurn: ({ sentence, caption, voiceToVoiceMs }) =>
          console.log(`  ${voiceToVoiceMs?.toFixed(0) ?? 'no'} ms  ${sentence.text}  →  ${caption}`),
      }),
    );
    const load1m = { before: loadBefore, after: loadavg()[0] ?? 0 };
    const judged = await judgeCall(turns, {
      caller: voice.name,
      recognition: language,
      load1m,
      baseUrl: engines.baseUrl,
    });
    console.log(`\n${callLines(judged).join('\n')}`);
    return judged;
  } finally {
    await engines.stop();
  }
}

function record(): Readonly<Record<string, unknown>> {
  return {
    name: 'italian-call',
    calls,
    measuredAt: new Date().toISOString(),
    machine: {
      node: process.version,
      platform: `${platform()} ${arch()}`,
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
    },
  };
}
