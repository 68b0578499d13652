/** Voice of Edge's read-aloud service: MP3 over a WebSocket, decoded while it arrives. */
import type { IncomingHttpHeaders } from 'node:http';
import { ProviderError } from '@sophy/conversation/provider-error';
import type { TtsAudio, TtsPort, TtsRequest } from '@sophy/conversation/tts-port';
import { z } from 'zod';
import { SpokenMarks } from '../audio/spoken-marks.ts';
import { engineFailure } from '../http/engine-failure.ts';
import type { EngineTimeouts } from '../http/engine-timeouts.ts';
import { exchangeOverWebsocket, type SocketAnswer } from '../http/exchange-over-websocket.ts';
import { websocketUrl } from '../http/open-websocket.ts';
import { parseAnswer } from '../http/parse-answer.ts';
import { serviceUrl } from '../http/service-url.ts';
import {
  browserHeaders,
  configurationMessage,
  parseMessage,
  plainUuid,
  speechMessage,
  speechPath,
} from './edge-protocol.ts';
import { edgeDefaultVoice } from './edge-voices.ts';
import { Mp3Decoder } from './mp3-decoder.ts';

const identity = { stage: 'tts', engine: 'edge' } as const;
/** The service lets go of connections that are silent for longer. */
const restMs = 30_000;
/** A clock that is further from the service's makes tokens that it refuses, ms. */
const clockToleranceMs = 60_000;
const ticksPerMs = 10_000;

export type EdgeTtsOptions = {
  /** Address without a path. */
  readonly baseUrl: string;
  readonly timeouts: EngineTimeouts;
  readonly nowMs?: () => number;
};

/** Speaks without a key. A machine whose clock is wrong is refused once; then the service's time is used. */
export function createEdgeTts(options: EdgeTtsOptions): TtsPort {
  const { baseUrl, timeouts, nowMs = Date.now } = options;
  let clockOffsetMs = 0;
  const serviceMs = () => nowMs() + clockOffsetMs;

  function failureOfRefusal(status: number, headers: IncomingHttpHeaders): ProviderError | undefined {
    if (status !== 403) return undefined;
    const offsetMs = Date.parse(headers.date ?? '') - serviceMs();
    const isClockWrong = Math.abs(offsetMs) > clockToleranceMs;
    if (isClockWrong) clockOffsetMs += offsetMs;
    return new ProviderError({
      ...identity,
      status,
      category: isClockWrong ? 'connectivity' : 'authentication',
      isRetryable: isClockWrong,
      message: isClockWrong
        ? 'edge tts: answered 403; the clock of this machine is wrong, the time of the service is used from now on'
        : 'edge tts: answered 403; it takes this client for no browser, choose another voice engine',
    });
  }

  return {
    label: 'edge',
    async *synthesize(request, { signal }) {
      if (!/[\p{L}\p{N}]/u.test(request.text)) return;
      const decoder = await Mp3Decoder.open();
      try {
        yield* exchangeOverWebsocket(
          {
            identity,
            connect: () => ({
              url: websocketUrl(serviceUrl(baseUrl, speechPath(serviceMs()))),
              headers: browserHeaders(),
            }),
            key: `edge ${baseUrl}`,
            restMs,
            timeouts,
            awaited: 'first audio',
            signal,
            failureOfRefusal,
            failureOfClose,
          },
          (answer) => speak(answer, request, decoder, serviceMs()),
        );
      } finally {
        decoder.close();
      }
    },
  };
}

function failureOfClose(code: number): ProviderError | undefined {
  if (code !== 1_007 && code !== 1_008) return undefined;
  return engineFailure(identity, 'invalid-request', `refused the text (${code}); check the voice`);
}

async function* speak(
  answer: SocketAnswer,
  { text, language, voice, speed }: TtsRequest,
  decoder: Mp3Decoder,
  unixMs: number,
): AsyncGenerator<TtsAudio, void, undefined> {
  const requestId = plainUuid();
  if (answer.isFresh) answer.send(configurationMessage(unixMs));
  const spokenVoice = voice || edgeDefaultVoice(language);
  answer.send(speechMessage({ requestId, text, voice: spokenVoice, speed, unixMs }));
  const progress = new WordProgress(text);
  let soundMs = 0;
  for await (const data of answer.messages) {
    const message = parseMessage(data);
    if (message === undefined)
      throw engineFailure(identity, 'bad-response', 'a message is none of the service; check the address');
    const { headers, body } = message;
    if (headers['x-requestid'] !== requestId) continue;
    switch (headers['path']) {
      case 'audio.metadata':
        progress.read(Buffer.from(body).toString('utf8'));
        continue;
      case 'audio': {
        const audio = decoder.push(body);
        if (audio === undefined) continue;
        answer.progress();
        soundMs += (audio.samples.length / audio.sampleRateHz) * 1_000;
        const spokenCharacters = progress.saidBy(soundMs);
        yield spokenCharacters === undefined ? audio : { ...audio, spokenCharacters };
        continue;
      }
      case 'turn.end':
        if (soundMs > 0) return;
        throw engineFailure(identity, 'invalid-request', `gave no audio; check the voice ${spokenVoice}`);
    }
  }
}

const metadataSchema = z.object({
  Metadata: z.array(
    z.object({
      Type: z.string(),
      Data: z
        .object({
          /** Both in steps of 100 ns. */
          Offset: z.number(),
          Duration: z.number(),
          text: z.object({ Text: z.string() }),
        })
        .optional()
        .catch(undefined),
    }),
  ),
});

/** Which word is spoken where in the sound. */
class WordProgress {
  readonly #text: string;
  readonly #marks = new SpokenMarks();
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(json: string): void {
    for (const { Type, Data } of parseAnswer(identity, json, metadataSchema, 'times of words').Metadata) {
      if (Type !== 'WordBoundary' || Data === undefined) continue;
      const word = unescapeXml(Data.text.Text);
      const start = this.#text.indexOf(word, this.#position);
      // A word that is written otherwise than it is spoken is passed with the next one.
      if (start < 0) continue;
      this.#position = start + word.length;
      this.#marks.add((Data.Offset + Data.Duration) / ticksPerMs, this.#position);
    }
  }

  saidBy(soundMs: number): number | undefined {
    return this.#marks.saidBy(soundMs);
  }
}

function unescapeXml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&apos;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
