/** Recognition while people speak: OpenAI's Realtime transcription protocol over a WebSocket. */
import type { StreamingSttPort, SttOptions, SttStream, SttStreamEvent } from '@sophy/conversation/stt-port';
import { bytesOfSamples } from '../audio/pcm-bytes.ts';
import { engineFailure } from '../http/engine-failure.ts';
import { machineName } from '../http/exchange-with-engine.ts';
import { parseAnswer } from '../http/parse-answer.ts';
import { RecognitionSession } from '../http/recognition-session.ts';
import { serviceUrl } from '../http/service-url.ts';
import { categoryOfName } from './chat-stream.ts';
import { authorization, endpointLabel, type OpenAiEndpoint } from './openai-endpoint.ts';
import {
  anyRealtimeEventSchema,
  isOurRealtimeEvent,
  type RealtimeEvent,
  realtimeEventSchema,
  sessionUpdate,
} from './realtime-event.ts';
import { RealtimeTranscripts } from './realtime-transcripts.ts';

export type OpenAiRealtimeSttOptions = OpenAiEndpoint & {
  /** Silence after which the server ends an utterance, ms. */
  readonly endSilenceMs?: number;
};

const sampleRateHz = 24_000;
const defaultModel = 'gpt-4o-mini-transcribe';

/**
 * A server that speaks the Realtime transcription protocol and detects the ends of utterances itself.
 * OpenAI's `gpt-live-transcribe` and `gpt-realtime-whisper` do not detect them and refuse such a session.
 */
export function createOpenAiRealtimeStt(options: OpenAiRealtimeSttOptions): StreamingSttPort {
  const configuration = { ...options, model: options.model || defaultModel };
  return {
    kind: 'streaming',
    label: endpointLabel(configuration),
    sampleRateHz,
    open: (sttOptions) => new RealtimeStream(configuration, sttOptions),
  };
}

class RealtimeStream implements SttStream {
  readonly events: AsyncIterable<SttStreamEvent>;
  readonly #identity: { readonly stage: 'stt'; readonly engine: string };
  readonly #options: OpenAiRealtimeSttOptions & { readonly model: string };
  readonly #transcripts: RealtimeTranscripts;
  readonly #session: RecognitionSession;

  constructor(
    options: OpenAiRealtimeSttOptions & { readonly model: string },
    { language, signal }: SttOptions,
  ) {
    const { baseUrl, apiKey, headers, timeouts, engine, model, endSilenceMs } = options;
    this.#options = options;
    this.#identity = { stage: 'stt', engine };
    this.#transcripts = new RealtimeTranscripts(language);
    this.#session = new RecognitionSession({
      identity: this.#identity,
      url: serviceUrl(baseUrl, '/realtime?intent=transcription'),
      headers: { ...authorization(apiKey), ...headers },
      timeouts,
      signal,
      receive: (text) => this.#receive(text),
    });
    this.events = this.#session.events;
    this.#send(sessionUpdate({ model, language, endSilenceMs: endSilenceMs ?? 300 }));
  }

  push(samples: Int16Array): void {
    if (samples.length === 0) return;
    this.#send({ type: 'input_audio_buffer.append', audio: bytesOfSamples(samples).toString('base64') });
  }

  commit(): void {
    this.#send({ type: 'input_audio_buffer.commit' });
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  #send(message: object): void {
    this.#session.send(JSON.stringify(message));
  }

  #receive(text: string): void {
    const { type } = parseAnswer(this.#identity, text, anyRealtimeEventSchema, 'Realtime event');
    if (isOurRealtimeEvent(type))
      this.#handle(parseAnswer(this.#identity, text, realtimeEventSchema, 'Realtime event'));
  }

  #handle(event: RealtimeEvent): void {
    const { stallMs } = this.#options.timeouts;
    for (const transcript of this.#transcripts.accept(event)) this.#session.emit(transcript);
    switch (event.type) {
      case 'input_audio_buffer.speech_stopped':
      case 'input_audio_buffer.committed':
        this.#session.expect('transcript after the end of speech', stallMs);
        return;
      case 'conversation.item.input_audio_transcription.delta':
        if (this.#transcripts.isOwed) this.#session.expect('further piece of the transcript', stallMs);
        return;
      case 'input_audio_buffer.speech_started':
      case 'conversation.item.input_audio_transcription.completed':
        // No transcript is due before the next pause.
        if (!this.#transcripts.isOwed) this.#session.expectNothing();
        return;
      case 'conversation.item.input_audio_transcription.failed':
        throw engineFailure(this.#identity, 'server', 'could not transcribe an utterance');
      case 'error': {
        const code = machineName(event.error.code) ?? machineName(event.error.type);
        // Nothing was said yet: no harm.
        if (code === 'input_audio_buffer_commit_empty') return;
        const message = `refused${code === undefined ? '' : ` (${code})`}; check model ${this.#options.model}`;
        throw engineFailure(this.#identity, categoryOfName(code), message);
      }
    }
  }
}
