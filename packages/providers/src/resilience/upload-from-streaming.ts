/** A streaming recognizer asked for one whole utterance: so that it can stand in for one that takes uploads. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import { ProviderError } from '@sophy/conversation/provider-error';
import type { StreamingSttPort, SttOptions, Transcript, UploadSttPort } from '@sophy/conversation/stt-port';
import type { EngineClock } from './engine-clock.ts';

/** After the last word the engine gets so long for more finals, ms: some give several for one utterance. */
const settleMs = 300;
const answerMs = 5_000;

export function uploadFromStreaming(
  port: StreamingSttPort,
  options: {
    readonly engine: string;
    readonly clock: EngineClock;
    /** Mono audio at another rate. */
    readonly resample: (audio: PcmAudio, sampleRateHz: number) => Int16Array;
  },
): UploadSttPort {
  return {
    kind: 'upload',
    label: port.label,
    maxAudioMs: 60_000,
    transcribe: (audio, sttOptions) => transcribe(port, audio, sttOptions, options),
  };
}

async function transcribe(
  port: StreamingSttPort,
  audio: PcmAudio,
  { language, signal }: SttOptions,
  { engine, clock, resample }: Parameters<typeof uploadFromStreaming>[1],
): Promise<Transcript> {
  const closing = new AbortController();
  const stream = port.open({ language, signal: AbortSignal.any([signal, closing.signal]) });
  const finals: string[] = [];
  let hasFinal = false;
  let interim = '';
  let heard = language;
  try {
    stream.push(resample(audio, port.sampleRateHz));
    stream.commit();
    const events = stream.events[Symbol.asyncIterator]();
    let next = events.next();
    for (;;) {
      const waitMs = hasFinal && interim === '' ? settleMs : answerMs;
      const timer = new AbortController();
      const late = clock.sleep(waitMs, AbortSignal.any([timer.signal, signal])).then(
        () => 'late' as const,
        () => 'late' as const,
      );
      const event = await Promise.race([next, late]).finally(() => timer.abort());
      if (signal.aborted) throw cancelled(engine);
      if (event === 'late') {
        if (!hasFinal && interim === '') throw silent(engine);
        break;
      }
      if (event.done === true) break;
      if (event.value.type === 'interim') interim = event.value.text;
      else {
        hasFinal = true;
        if (event.value.text !== '') finals.push(event.value.text);
        interim = '';
        heard = event.value.language ?? heard;
      }
      next = events.next();
    }
    return { text: [...finals, interim].filter((text) => text !== '').join(' '), language: heard };
  } finally {
    closing.abort();
    await stream.close();
  }
}

function cancelled(engine: string): ProviderError {
  const message = `${engine} stt: cancelled`;
  return new ProviderError({ stage: 'stt', engine, category: 'cancelled', message, isRetryable: false });
}

function silent(engine: string): ProviderError {
  const message = `${engine} stt: no transcript of an utterance in time`;
  return new ProviderError({ stage: 'stt', engine, category: 'timeout', message, isRetryable: true });
}
