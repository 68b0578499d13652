/** Voice of ElevenLabs: one context of a multi-context WebSocket for each text, over connections that stay open. */
import { randomUUID } from 'node:crypto';
import type { TtsAudio, TtsPort, TtsRequest } from '@sophy/conversation/tts-port';
import { SpeechDecoder } from '../audio/speech-decoder.ts';
import { SpokenMarks } from '../audio/spoken-marks.ts';
import { engineFailure } from '../http/engine-failure.ts';
import type { EngineTimeouts } from '../http/engine-timeouts.ts';
import { exchangeOverWebsocket, type SocketAnswer } from '../http/exchange-over-websocket.ts';
import { websocketUrl } from '../http/open-websocket.ts';
import { parseAnswer } from '../http/parse-answer.ts';
import { serviceUrl } from '../http/service-url.ts';
import { elevenLabsIdentity, failureOfClose, failureOfMessage } from './elevenlabs-failure.ts';
import { type Alignment, contextMessages, serverMessageSchema } from './elevenlabs-message.ts';

export type ElevenLabsTtsOptions = {
  /** Address without `/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly model: string;
  readonly timeouts: EngineTimeouts;
};

const sampleRateHz = 24_000;
/** `Sarah`, one of the voices that every account has. */
export const elevenLabsDefaultVoice = 'EXAVITQu4vr4xnSDxMaL';
/** The longest silence that the service allows on a connection, seconds, and what is made of it. */
const inactivitySeconds = 180;
const restMs = 150_000;

/**
 * Audio begins with the first words. A connection belongs to a voice, a model and a language; it rests between two
 * texts and is dropped when the caller stops, which is the one way to make the service stop for certain.
 */
export function createElevenLabsTts(options: ElevenLabsTtsOptions): TtsPort {
  const { apiKey, model, timeouts } = options;
  return {
    label: `elevenlabs:${model}`,
    async *synthesize(request, { signal }) {
      if (!/[\p{L}\p{N}]/u.test(request.text)) return;
      const url = connectionUrl(options, request);
      yield* exchangeOverWebsocket(
        {
          identity: elevenLabsIdentity,
          connect: () => ({ url, headers: { 'xi-api-key': apiKey } }),
          key: `${url} ${apiKey}`,
          restMs,
          timeouts,
          awaited: 'first audio',
          signal,
          failureOfClose,
        },
        (answer) => speak(answer, request),
      );
    },
  };
}

function connectionUrl({ baseUrl, model }: ElevenLabsTtsOptions, request: TtsRequest): string {
  const voice = encodeURIComponent(request.voice || elevenLabsDefaultVoice);
  const query = new URLSearchParams({
    model_id: model,
    output_format: `pcm_${sampleRateHz}`,
    // The text is a whole phrase: nothing is waited for to be spoken.
    auto_mode: 'true',
    sync_alignment: 'true',
    // Pauses come as break tags.
    enable_ssml_parsing: 'true',
    inactivity_timeout: String(inactivitySeconds),
  });
  // Older models answer with an error to it.
  if (request.language !== undefined && /v2_5|v3/.test(model)) query.set('language_code', request.language);
  return websocketUrl(serviceUrl(baseUrl, `/v1/text-to-speech/${voice}/multi-stream-input?${query}`));
}

async function* speak(
  answer: SocketAnswer,
  { text, speed }: TtsRequest,
): AsyncGenerator<TtsAudio, void, undefined> {
  const contextId = randomUUID();
  for (const message of contextMessages({ contextId, text, speed })) answer.send(JSON.stringify(message));
  const decoder = new SpeechDecoder(sampleRateHz);
  const progress = new CharacterProgress(text.length);
  for await (const data of answer.messages) {
    const message = parseAnswer(elevenLabsIdentity, String(data), serverMessageSchema, 'speech');
    if ('error' in message) throw failureOfMessage(message.error);
    if (message.contextId !== contextId && typeof message.contextId === 'string') continue;
    if (message.alignment) progress.align(message.alignment);
    const audio = message.audio ? decoder.push(Buffer.from(message.audio, 'base64')) : undefined;
    if (audio !== undefined) {
      answer.progress();
      const spokenCharacters = progress.give(audio.samples.length);
      yield spokenCharacters === undefined ? audio : { ...audio, spokenCharacters };
    }
    if (message.isFinal !== true) continue;
    if (!progress.hasGiven) throw engineFailure(elevenLabsIdentity, 'bad-response', 'gave no audio at all');
    return;
  }
}

/** Which character is spoken where in the sound. */
class CharacterProgress {
  readonly #marks = new SpokenMarks();
  readonly #textLength: number;
  #characters = 0;
  #givenSamples = 0;
  #lastStartMs = 0;
  #offsetMs = 0;

  constructor(textLength: number) {
    this.#textLength = textLength;
  }

  get hasGiven(): boolean {
    return this.#givenSamples > 0;
  }

  align({ chars, charStartTimesMs, charDurationsMs, charsDurationsMs }: Alignment): void {
    const durations = charDurationsMs ?? charsDurationsMs ?? [];
    const firstMs = charStartTimesMs[0] ?? 0;
    // Times that go back begin anew with the chunk that they came with.
    if (firstMs + this.#offsetMs < this.#lastStartMs) this.#offsetMs = this.#soundMs;
    for (const [index, character] of chars.entries()) {
      this.#characters += character.length;
      const startMs = (charStartTimesMs[index] ?? 0) + this.#offsetMs;
      this.#lastStartMs = startMs;
      this.#marks.add(startMs + (durations[index] ?? 0), Math.min(this.#characters, this.#textLength));
    }
  }

  /** Counts sound that is given; how many characters have been said by its end. */
  give(samples: number): number | undefined {
    this.#givenSamples += samples;
    return this.#marks.saidBy(this.#soundMs);
  }

  get #soundMs(): number {
    return (this.#givenSamples / sampleRateHz) * 1_000;
  }
}
