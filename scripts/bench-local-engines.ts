/**
 * Measures the local engines: whether their memory is stable over many short requests, and how many words of Italian
 * are wrong when their own Italian voice is heard by their own recognizer.
 *
 *   node scripts/bench-local-engines.ts [--requests 200]
 *
 * A synthetic voice is not a person: natural speech has to be judged on recordings, of which this repository has none.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { wordErrors } from '../apps/engines/src/word-errors.ts';

const root = resolve(import.meta.dirname, '..');
const { values } = parseArgs({ options: { requests: { type: 'string', default: '200' } } });
const requestCount = z.coerce.number().int().min(20).parse(values.requests);

const italianSentences = [
  'Buongiorno, vorrei prenotare un tavolo per quattro persone.',
  'Il treno per Milano parte alle sette e mezza.',
  'Mi puoi ricordare di chiamare mio fratello domani mattina?',
  'Che tempo fa oggi a Roma?',
  'Quanto dista la stazione dalla piazza?',
  'La riunione comincia alle nove in punto.',
  'Mia sorella abita al numero dodici.',
  'Grazie mille, per oggi è tutto.',
];

async function readyPort(child: ChildProcess): Promise<number> {
  const [message] = await once(child, 'message');
  return z.object({ port: z.number() }).parse(message).port;
}

async function speak(baseUrl: string, input: string, language: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(`${baseUrl}/v1/audio/speech`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ input, language, response_format: 'wav' }),
  });
  if (!response.ok) throw new Error(`speech answers ${response.status}: ${await response.text()}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function hear(baseUrl: string, wav: Uint8Array<ArrayBuffer>, language: string): Promise<string> {
  const form = new FormData();
  if (language !== '') form.set('language', language);
  form.set('file', new Blob([wav]), 'speech.wav');
  const response = await fetch(`${baseUrl}/v1/audio/transcriptions`, { method: 'POST', body: form });
  if (!response.ok) throw new Error(`recognition answers ${response.status}: ${await response.text()}`);
  return z.object({ text: z.string() }).parse(await response.json()).text;
}

async function think(baseUrl: string): Promise<void> {
  const response = await fetch(`${baseUrl}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ max_tokens: 8, messages: [{ role: 'user', content: 'What is two plus two?' }] }),
  });
  if (!response.ok) throw new Error(`the brain answers ${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
}

async function residentMegabytes(baseUrl: string): Promise<number> {
  const metrics = await (await fetch(`${baseUrl}/metrics`)).text();
  const bytes = /sophy_engine_memory_bytes\{[^}]*kind="used"[^}]*\} (\S+)/.exec(metrics)?.[1];
  return Number(bytes) / 1e6;
}

/** Least squares: how much `y` grows for each `x`. */
function slope(points: readonly { readonly x: number; readonly y: number }[]): number {
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / points.length;
  const covariance = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  const variance = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  return covariance / variance;
}

/** Memory after warm-up, over short requests of every stage in turn. */
async function soak(baseUrl: string): Promise<void> {
  const wav = await speak(baseUrl, 'Good morning, how are you?', 'en');
  const points: { x: number; y: number }[] = [];
  for (let index = 0; index < requestCount; index += 1) {
    if (index % 3 === 0) await hear(baseUrl, wav, 'en');
    else if (index % 3 === 1) await speak(baseUrl, `This is request number ${index}.`, 'en');
    else await think(baseUrl);
    if (index % 5 === 4) points.push({ x: index, y: await residentMegabytes(baseUrl) });
  }
  // The first quarter fills the allocators.
  const settled = points.filter(({ x }) => x >= requestCount / 4);
  const [first, last] = [settled[0]?.y ?? 0, settled.at(-1)?.y ?? 0];
  console.log(
    `memory over ${requestCount} requests: ${(slope(settled) * 1_000).toFixed(0)} kB a request after the first quarter (${first.toFixed(0)} to ${last.toFixed(0)} MB)`,
  );
}

async function italian(baseUrl: string, language: string): Promise<void> {
  let errors = 0;
  let words = 0;
  for (const sentence of italianSentences) {
    const heard = await hear(baseUrl, await speak(baseUrl, sentence, 'it'), language);
    const result = wordErrors(sentence, heard);
    errors += result.errors;
    words += result.words;
    console.log(`  ${result.errors}/${result.words}  ${heard}`);
  }
  const told = language === '' ? 'language detected' : `language ${language}`;
  console.log(
    `Italian, own voice to own recognizer, ${told}: ${((100 * errors) / words).toFixed(1)} % of ${words} words wrong`,
  );
}

const engines = fork(resolve(root, 'apps/engines/src/main.ts'), {
  env: { ...process.env, ENGINES_PORT: '0', LOG_LEVEL: 'error', MODEL_SOURCE: 'none' },
});
try {
  const baseUrl = `http://127.0.0.1:${await readyPort(engines)}`;
  console.log(`load ${loadavg()[0]?.toFixed(1)}`);
  await italian(baseUrl, 'it');
  await italian(baseUrl, '');
  await soak(baseUrl);
} finally {
  engines.kill('SIGTERM');
}
