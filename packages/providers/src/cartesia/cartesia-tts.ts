/** Voice: Cartesia's Sonic over `/tts/websocket`, a context for each text. */
import { randomUUID } from 'node:crypto';
import type { TtsAudio, TtsPort, TtsRequest } from '@sophy/conversation/tts-port';
import { AsyncQueue } from '../async-queue.ts';
import { samplesOfBytes } from '../audio/pcm-bytes.ts';
import { Deadline } from '../http/deadline.ts';
import { type EngineIdentity, engineFailure, failureOfThrown } from '../http/engine-failure.ts';
import { originOf } from '../http/exchange-with-engine.ts';
import { cartesiaConnection } from './cartesia-connection.ts';
import type { CartesiaEndpoint } from './cartesia-endpoint.ts';
import { cartesiaVoice } from './cartesia-voices.ts';
import { SpokenWords } from './spoken-words.ts';

export type CartesiaTtsOptions = CartesiaEndpoint & {
  /** E.g. `sonic-3`. */
  readonly model: string;
};

export const cartesiaVoiceRateHz = 24_000;
/** What `generation_config.speed` takes. */
export const cartesiaSpeed = { min: 0.6, max: 1.5 } as const;
const identity: EngineIdentity = { stage: 'tts', engine: 'cartesia' };

/** Text without a letter or digit is silence and asks nothing. */
export function createCartesiaTts(options: CartesiaTtsOptions): TtsPort {
  return {
    label: `cartesia:${options.model}`,
    async *synthesize(request, { signal }) {
      if (/[\p{L}\p{N}]/u.test(request.text)) yield* speak(options, request, signal);
    },
  };
}

async function* speak(
  options: CartesiaTtsOptions,
  request: TtsRequest,
  signal: AbortSignal,
): AsyncGenerator<TtsAudio, void, undefined> {
  const { timeouts } = options;
  const contextId = randomUUID();
  const pieces = new AsyncQueue<Int16Array>();
  const words = new SpokenWords(request.text);
  const deadline = new Deadline();
  const stop = AbortSignal.any([signal, deadline.signal]);
  let connection: ReturnType<typeof cartesiaConnection> | undefined;
  try {
    signal.throwIfAborted();
    stop.addEventListener('abort', () => pieces.end(new Error('stopped')), { once: true });
    deadline.expect('first audio', timeouts.answerMs);
    connection = cartesiaConnection(options);
    connection.begin(contextId, generation(options, request), {
      receive: (message) => {
        if (message.type === 'timestamps')
          words.add(message.word_timestamps?.words ?? [], message.word_timestamps?.end ?? []);
        else if (message.type === 'chunk') {
          const samples = samplesOfBytes(Buffer.from(message.data, 'base64'));
          if (samples.length === 0) return;
          // From now on only a stall is late, however slowly the pieces are taken.
          deadline.expect('further piece of the answer', timeouts.stallMs);
          pieces.push(samples);
        } else {
          deadline.clear();
          pieces.end();
        }
      },
      fail: (failure) => {
        deadline.clear();
        pieces.end(failure);
      },
    });
    let spokenSamples = 0;
    for await (const samples of pieces) {
      stop.throwIfAborted();
      spokenSamples += samples.length;
      const spokenCharacters = words.at(spokenSamples / cartesiaVoiceRateHz);
      const audio = { samples, sampleRateHz: cartesiaVoiceRateHz };
      yield spokenCharacters === undefined ? audio : { ...audio, spokenCharacters };
    }
    if (spokenSamples === 0) throw engineFailure(identity, 'bad-response', 'the answer is no audio at all');
  } catch (thrown) {
    const isLate = deadline.signal.aborted && !signal.aborted;
    if (isLate) connection?.retire();
    throw failureOfThrown(
      identity,
      isLate ? deadline.signal.reason : thrown,
      originOf(options.baseUrl),
      signal,
    );
  } finally {
    deadline.clear();
    connection?.cancel(contextId);
  }
}

function generation({ model }: CartesiaTtsOptions, { text, voice, language, speed }: TtsRequest): object {
  return {
    model_id: model,
    transcript: text,
    voice: { mode: 'id', id: voice || cartesiaVoice(language) },
    ...(language === undefined ? {} : { language }),
    output_format: { container: 'raw', encoding: 'pcm_s16le', sample_rate: cartesiaVoiceRateHz },
    // Words as they are in the text, not as they are read out.
    add_timestamps: true,
    use_normalized_timestamps: false,
    continue: false,
    // The text is whole: nothing to wait for.
    max_buffer_delay_ms: 0,
    // Models before the third cannot change their speed by a factor.
    ...(speed === 1 || !model.startsWith('sonic-3')
      ? {}
      : {
          generation_config: { speed: Math.min(cartesiaSpeed.max, Math.max(cartesiaSpeed.min, speed)) },
        }),
  };
}
