/** Recognition while people speak: Cartesia's `/stt/websocket`. */
import type { StreamingSttPort, SttOptions, SttStream, SttStreamEvent } from '@sophy/conversation/stt-port';
import { ping } from 'undici';
import { bytesOfSamples } from '../audio/pcm-bytes.ts';
import type { EngineIdentity } from '../http/engine-failure.ts';
import { parseAnswer } from '../http/parse-answer.ts';
import { RecognitionSession } from '../http/recognition-session.ts';
import { serviceUrl } from '../http/service-url.ts';
import { type CartesiaEndpoint, cartesiaHeaders } from './cartesia-endpoint.ts';
import { anyMessageSchema, failureOfMessage, hearingMessageSchema, isReadType } from './cartesia-message.ts';
import { CartesiaTranscripts } from './cartesia-transcripts.ts';

export type CartesiaSttOptions = CartesiaEndpoint & {
  /** E.g. `ink-whisper`. */
  readonly model: string;
  /** Silence after which `ink-whisper` ends an utterance by itself, ms. */
  readonly endSilenceMs: number;
  /** Silence of this side after which it pings: the service gives up after minutes. */
  readonly keepAliveMs?: number | undefined;
};

export const cartesiaSampleRateHz = 16_000;
const identity: EngineIdentity = { stage: 'stt', engine: 'cartesia' };

export function createCartesiaStt(options: CartesiaSttOptions): StreamingSttPort {
  return {
    kind: 'streaming',
    label: `cartesia:${options.model}`,
    sampleRateHz: cartesiaSampleRateHz,
    open: (sttOptions) => new CartesiaStream(options, sttOptions),
  };
}

class CartesiaStream implements SttStream {
  readonly events: AsyncIterable<SttStreamEvent>;
  readonly #session: RecognitionSession;
  readonly #transcripts: CartesiaTranscripts;
  readonly #options: CartesiaSttOptions;

  constructor(options: CartesiaSttOptions, { language, signal }: SttOptions) {
    this.#options = options;
    this.#transcripts = new CartesiaTranscripts(language, isInkWhisper(options.model));
    this.#session = new RecognitionSession({
      identity,
      url: hearingUrl(options, language),
      headers: cartesiaHeaders(options.apiKey),
      timeouts: options.timeouts,
      signal,
      receive: (text) => this.#receive(text),
      goodbye: 'close',
      keepAlive: { everyMs: options.keepAliveMs ?? 40_000, send: (socket) => ping(socket) },
    });
    this.events = this.#session.events;
  }

  push(samples: Int16Array): void {
    if (samples.length > 0) this.#session.send(bytesOfSamples(samples));
  }

  commit(): void {
    this.#session.send('finalize');
    this.#transcripts.commit();
    this.#awaitFinal('transcript after the end of speech');
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  #receive(text: string): void {
    const { type } = parseAnswer(identity, text, anyMessageSchema, 'Cartesia message');
    if (!isReadType(type)) return;
    const message = parseAnswer(identity, text, hearingMessageSchema, 'transcript');
    if (message.type === 'error') throw failureOfMessage(identity, message);
    // The end of the session that follows says enough.
    if (message.type === 'done') return;
    for (const event of this.#transcripts.accept(message)) this.#session.emit(event);
    this.#awaitFinal('further piece of the transcript');
  }

  #awaitFinal(what: string): void {
    if (this.#transcripts.isOwed) this.#session.expect(what, this.#options.timeouts.stallMs);
    else this.#session.expectNothing();
  }
}

function isInkWhisper(model: string): boolean {
  return model.startsWith('ink-whisper');
}

function hearingUrl(options: CartesiaSttOptions, language: string | undefined): string {
  const { baseUrl, model, endSilenceMs } = options;
  const isWhisper = isInkWhisper(model);
  return serviceUrl(baseUrl, '/stt/websocket', {
    model,
    encoding: 'pcm_s16le',
    sample_rate: cartesiaSampleRateHz,
    // The other models find the language by themselves and take neither of these.
    language: isWhisper ? language : undefined,
    max_silence_duration_secs: isWhisper ? endSilenceMs / 1_000 : undefined,
  });
}
