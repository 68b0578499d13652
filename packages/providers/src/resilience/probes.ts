/** The smallest request to each kind of engine that shows that it works; made of nothing that anybody said. */
import type { LlmPort } from '@sophy/conversation/llm-port';
import type { SttPort } from '@sophy/conversation/stt-port';
import type { TtsPort } from '@sophy/conversation/tts-port';

const probeSampleRateHz = 16_000;
const probeAudioMs = 500;

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
    await firstEventOrQuiet(stream.events, signal);
  } finally {
    closing.abort();
    await stream.close();
  }
}

/** A stream that stays open for a second has taken key and settings: silence need not bring any event. */
async function firstEventOrQuiet(events: AsyncIterable<unknown>, signal: AbortSignal): Promise<void> {
  const quiet = AbortSignal.any([signal, AbortSignal.timeout(1_000)]);
  const silence = new Promise<void>((resolve) => {
    if (quiet.aborted) resolve();
    quiet.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([events[Symbol.asyncIterator]().next(), silence]);
}

/** One word, one token. */
export async function probeLlm(port: LlmPort, signal: AbortSignal): Promise<void> {
  const request = { messages: [{ role: 'user', content: 'ok' }], maxTokens: 16 } as const;
  for await (const event of port.stream(request, { signal })) if (event.type === 'text') return;
}

/** One short word. Throws nothing where the voice gives audio. */
export async function probeTts(
  port: TtsPort,
  voice: { readonly language: string | undefined; readonly voice: string | undefined },
  signal: AbortSignal,
): Promise<void> {
  for await (const audio of port.synthesize({ text: 'ok', speed: 1, ...voice }, { signal }))
    if (audio.samples.length > 0) return;
}
