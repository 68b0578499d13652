/** Recognition while people speak: Deepgram's `/v1/listen` over a WebSocket. */
import type { StreamingSttPort, SttOptions, SttStream, SttStreamEvent } from '@sophy/conversation/stt-port';
import { bytesOfSamples } from '../audio/pcm-bytes.ts';
import { type EngineIdentity, engineFailure } from '../http/engine-failure.ts';
import { parseAnswer } from '../http/parse-answer.ts';
import { RecognitionSession } from '../http/recognition-session.ts';
import { serviceUrl } from '../http/service-url.ts';
import { type DeepgramEndpoint, deepgramHeaders } from './deepgram-endpoint.ts';
import { deepgramMessageSchema, deepgramResultsSchema } from './deepgram-message.ts';
import { DeepgramTranscripts } from './deepgram-transcripts.ts';

export type DeepgramSttOptions = DeepgramEndpoint & {
  /** E.g. `nova-3`. */
  readonly model: string;
  /** Silence after which the service ends an utterance by itself, ms. */
  readonly endSilenceMs: number;
  /** Silence of this side after which it says that it is still there, ms. The service gives up after 10 s. */
  readonly keepAliveMs?: number | undefined;
};

export const deepgramSampleRateHz = 16_000;
const identity: EngineIdentity = { stage: 'stt', engine: 'deepgram' };

export function createDeepgramStt(options: DeepgramSttOptions): StreamingSttPort {
  return {
    kind: 'streaming',
    label: `deepgram:${options.model}`,
    sampleRateHz: deepgramSampleRateHz,
    open: (sttOptions) => new DeepgramStream(options, sttOptions),
  };
}

class DeepgramStream implements SttStream {
  readonly events: AsyncIterable<SttStreamEvent>;
  readonly #session: RecognitionSession;
  readonly #transcripts: DeepgramTranscripts;
  readonly #options: DeepgramSttOptions;
  #pushedSamples = 0;

  constructor(options: DeepgramSttOptions, { language, signal }: SttOptions) {
    this.#options = options;
    this.#transcripts = new DeepgramTranscripts(language);
    this.#session = new RecognitionSession({
      identity,
      url: listenUrl(options, language),
      headers: deepgramHeaders(options.apiKey),
      timeouts: options.timeouts,
      signal,
      receive: (text) => this.#receive(text),
      goodbye: JSON.stringify({ type: 'CloseStream' }),
      failureOfClose,
      keepAlive: {
        everyMs: options.keepAliveMs ?? 8_000,
        send: (socket) => socket.send(JSON.stringify({ type: 'KeepAlive' })),
      },
    });
    this.events = this.#session.events;
  }

  push(samples: Int16Array): void {
    if (samples.length === 0) return;
    this.#pushedSamples += samples.length;
    this.#session.send(bytesOfSamples(samples));
  }

  commit(): void {
    this.#session.send(JSON.stringify({ type: 'Finalize' }));
    for (const event of this.#transcripts.commit(this.#pushedSamples / deepgramSampleRateHz))
      this.#session.emit(event);
    this.#awaitFinal('transcript after the end of speech');
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  #receive(text: string): void {
    const { type } = parseAnswer(identity, text, deepgramMessageSchema, 'Deepgram message');
    if (type === 'Error') throw engineFailure(identity, 'server', 'could not transcribe the audio');
    if (type !== 'Results') return;
    const results = parseAnswer(identity, text, deepgramResultsSchema, 'transcript');
    for (const event of this.#transcripts.accept(results)) this.#session.emit(event);
    this.#awaitFinal('further piece of the transcript');
  }

  #awaitFinal(what: string): void {
    if (this.#transcripts.isOwed) this.#session.expect(what, this.#options.timeouts.stallMs);
    else this.#session.expectNothing();
  }
}

function listenUrl(options: DeepgramSttOptions, language: string | undefined): string {
  const { baseUrl, model, endSilenceMs } = options;
  return serviceUrl(baseUrl, '/v1/listen', {
    model,
    // Streams cannot be searched for their language; the Nova models instead hear many at once.
    language: language ?? (/^nova-[23]/.test(model) ? 'multi' : undefined),
    encoding: 'linear16',
    sample_rate: deepgramSampleRateHz,
    channels: 1,
    interim_results: true,
    smart_format: true,
    // Formatting would otherwise hold text back until a number or an address is certainly whole.
    no_delay: true,
    endpointing: endSilenceMs,
  });
}

/** Codes of developers.deepgram.com/docs/stt-troubleshooting-websocket-data-and-net-errors. */
function failureOfClose(code: number, reason: string) {
  const [name = 'no reason'] = /\b(DATA|NET)-\d{4}\b/.exec(reason) ?? [];
  if (name.startsWith('DATA'))
    return engineFailure(identity, 'invalid-request', `could not read the audio (${name})`);
  if (name.startsWith('NET'))
    return engineFailure(identity, 'connectivity', `gave the session up (${code} ${name})`);
  return undefined;
}
