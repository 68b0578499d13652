/** The smallest request to each kind of engine that shows that it works; made of nothing that anybody said. */
import { setTimeout as delay } from 'node:timers/promises';
import type { LlmPort } from '@sophy/conversation/llm-port';
import { ProviderError, type ProviderStage } from '@sophy/conversation/provider-error';
import type { SttPort } from '@sophy/conversation/stt-port';
import type { TtsPort } from '@sophy/conversation/tts-port';

const probeSampleRateHz = 16_000;
const probeAudioMs = 500;
/** Longer than a service may take to let a stream in, ms. */
const quietMs = 2_000;

/** Half a second of silence: what is heard in it does not matter. */
export async function probeStt(port: SttPort, signal: AbortSignal): Promise<void> {
  const samples = new Int16Array((probeSampleRateHz * probeAudioMs) / 1_000);
  if (port.kind === 'upload') {
    await port.transcribe({ samples, sampleRateHz: probeSampleRateHz }, { language: undefined, signal });
    return;
  }
  const closing = new AbortController();
  const stream = port.open({ language: undefined, signal: AbortSignal.any([signal, closing.signal]) });
  try {
    stream.push(new Int16Array((port.sampleRateHz * probeAudioMs) / 1_000));
    stream.commit();
    if (!(await isHeard(stream.events, signal))) throw gaveNothing('stt', port.label);
  } finally {
    closing.abort();
    await stream.close();
  }
}

/** A stream that stays open has taken key and settings: silence need not bring any event. */
async function isHeard(events: AsyncIterable<unknown>, signal: AbortSignal): Promise<boolean> {
  const timer = new AbortController();
  const quiet = delay(quietMs, true, { signal: AbortSignal.any([signal, timer.signal]) });
  // Once there was an event nobody waits for the quiet any more.
  quiet.catch(() => undefined);
  const first = events[Symbol.asyncIterator]()
    .next()
    .then(({ done }) => done !== true);
  return Promise.race([first, quiet]).finally(() => timer.abort());
}

/** One word, one token. */
export async function probeLlm(port: LlmPort, signal: AbortSignal): Promise<void> {
  const request = { messages: [{ role: 'user', content: 'ok' }], maxTokens: 16 } as const;
  for await (const event of port.stream(request, { signal })) if (event.type === 'text') return;
}

/** One short word, of which there must be audio. */
export async function probeTts(
  port: TtsPort,
  voice: { readonly language: string | undefined; readonly voice: string | undefined },
  signal: AbortSignal,
): Promise<void> {
  for await (const audio of port.synthesize({ text: 'ok', speed: 1, ...voice }, { signal }))
    if (audio.samples.length > 0) return;
  throw gaveNothing('tts', port.label);
}

function gaveNothing(stage: ProviderStage, engine: string): ProviderError {
  const message = `${engine} ${stage}: a probe was answered with nothing`;
  return new ProviderError({ stage, engine, category: 'bad-response', message, isRetryable: false });
}
