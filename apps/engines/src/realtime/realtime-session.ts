/** One realtime session: audio in, words out while somebody speaks and when the utterance is over. */
import { EngineError } from '../engine-error.ts';
import type { FrameSource } from './audio-frames.ts';
import type { ClientMessage, ServerMessage } from './realtime-messages.ts';
import { SpeechGate } from './speech-gate.ts';
import type { OpenEar, UtteranceEar } from './utterance-ear.ts';

export type SessionSettings = {
  readonly model: string | undefined;
  readonly language: string | undefined;
  readonly sampleRateHz: number;
  /** Undefined: the client ends each utterance. */
  readonly turns: { readonly endSilenceMs: number; readonly prefixMs: number } | undefined;
};

export type RealtimeSessionOptions = {
  readonly send: (message: ServerMessage) => void;
  /** Loads the model that the settings ask for. Throws `EngineError`. */
  readonly openEars: (settings: SessionSettings) => Promise<OpenEar>;
  /** Cuts audio of that rate into frames of 20 ms at 16 kHz. */
  readonly openFrames: (sampleRateHz: number) => FrameSource;
  readonly newItemId: () => string;
  readonly onFailure: (error: unknown) => void;
};

const frameMs = 20;
/** Whisper hears 30 s at once. */
const maxUtteranceMs = 28_000;
const usualSettings: SessionSettings = {
  model: undefined,
  language: undefined,
  sampleRateHz: 24_000,
  turns: { endSilenceMs: 500, prefixMs: 300 },
};

type Utterance = { readonly itemId: string; readonly ear: UtteranceEar; lengthMs: number };

export class RealtimeSession {
  private readonly options: RealtimeSessionOptions;
  private settings = usualSettings;
  private ears: OpenEar | undefined;
  private frames: FrameSource;
  private gate: SpeechGate | undefined;
  /** Before anybody speaks: the soft beginning of the first word is in there. */
  private before: Float32Array[] = [];
  private utterance: Utterance | undefined;
  private heardMs = 0;
  private isOver = false;
  /** Messages are worked on one after the other: audio waits until the model of the session is there. */
  private work: Promise<void> = Promise.resolve();

  constructor(options: RealtimeSessionOptions) {
    this.options = options;
    this.frames = options.openFrames(usualSettings.sampleRateHz);
    this.gate = gateOf(usualSettings);
    options.send({ type: 'session.created', session: { type: 'transcription' } });
  }

  receive(message: ClientMessage): void {
    this.work = this.work.then(async () => {
      if (this.isOver) return;
      try {
        await this.handle(message);
      } catch (error) {
        this.refuse(error);
      }
    });
  }

  /** Says what was wrong with a message; the session goes on. */
  refuse(error: unknown): void {
    if (this.isOver) return;
    if (!(error instanceof EngineError)) this.options.onFailure(error);
    this.options.send({ type: 'error', error: describe(error) });
  }

  close(): void {
    this.isOver = true;
    this.utterance?.ear.abandon();
    this.utterance = undefined;
  }

  private async handle(message: ClientMessage): Promise<void> {
    switch (message.type) {
      case 'session.update':
        return this.update(message);
      case 'input_audio_buffer.append': {
        this.ears ??= await this.options.openEars(this.settings);
        const frames = this.frames.push(Buffer.from(message.audio, 'base64'));
        for (const frame of frames) this.hear(frame, this.ears);
        return;
      }
      case 'input_audio_buffer.commit':
        return this.commit();
      case 'input_audio_buffer.clear':
        this.utterance?.ear.abandon();
        this.utterance = undefined;
        this.before = [];
        this.gate?.shut();
        return this.options.send({ type: 'input_audio_buffer.cleared' });
      default:
        return message satisfies never;
    }
  }

  private async update({ session }: Extract<ClientMessage, { type: 'session.update' }>): Promise<void> {
    const input = session.audio?.input;
    const { turn_detection: turns } = input ?? {};
    const next: SessionSettings = {
      model: input?.transcription?.model,
      language: input?.transcription?.language ?? undefined,
      sampleRateHz: input?.format?.rate ?? this.settings.sampleRateHz,
      turns:
        turns === null
          ? undefined
          : {
              endSilenceMs: turns?.silence_duration_ms ?? usualSettings.turns?.endSilenceMs ?? 0,
              prefixMs: turns?.prefix_padding_ms ?? usualSettings.turns?.prefixMs ?? 0,
            },
    };
    this.ears = await this.options.openEars(next);
    this.settings = next;
    this.frames = this.options.openFrames(next.sampleRateHz);
    this.gate = gateOf(next);
    this.options.send({ type: 'session.updated', session });
  }

  private hear(frame: Float32Array, ears: OpenEar): void {
    this.heardMs += frameMs;
    const event = this.gate?.push(frame);
    if (this.utterance === undefined && (event === 'started' || this.gate === undefined)) {
      this.begin(ears);
    }
    if (this.utterance === undefined) {
      this.remember(frame);
      return;
    }
    this.utterance.ear.hear(frame);
    this.utterance.lengthMs += frameMs;
    if (event === 'stopped') {
      const { itemId } = this.utterance;
      this.options.send({
        type: 'input_audio_buffer.speech_stopped',
        item_id: itemId,
        audio_end_ms: this.heardMs,
      });
      this.end();
    } else if (this.utterance.lengthMs >= maxUtteranceMs) {
      this.end();
    }
  }

  private begin(ears: OpenEar): void {
    const itemId = this.options.newItemId();
    const ear = ears((delta) =>
      this.options.send({
        type: 'conversation.item.input_audio_transcription.delta',
        item_id: itemId,
        content_index: 0,
        delta,
      }),
    );
    const startMs = Math.max(0, this.heardMs - this.before.length * frameMs);
    this.utterance = { itemId, ear, lengthMs: this.before.length * frameMs };
    if (this.gate !== undefined) {
      this.options.send({
        type: 'input_audio_buffer.speech_started',
        item_id: itemId,
        audio_start_ms: startMs,
      });
    }
    for (const frame of this.before) ear.hear(frame);
    this.before = [];
  }

  private remember(frame: Float32Array): void {
    this.before.push(frame);
    const { prefixMs = 0 } = this.settings.turns ?? {};
    while (this.before.length * frameMs > prefixMs) this.before.shift();
  }

  private commit(): void {
    if (this.utterance === undefined) {
      throw new EngineError('commit_empty', 'Nothing was said since the last utterance.');
    }
    this.end();
  }

  /** The words of the utterance come when they are there; the next one may begin meanwhile. */
  private end(): void {
    const { utterance } = this;
    if (utterance === undefined) return;
    this.utterance = undefined;
    this.gate?.shut();
    const { itemId, ear } = utterance;
    const { send } = this.options;
    send({ type: 'input_audio_buffer.committed', item_id: itemId });
    ear.finish().then(
      ({ text, language }) => {
        if (this.isOver) return;
        send({
          type: 'conversation.item.input_audio_transcription.completed',
          item_id: itemId,
          content_index: 0,
          transcript: text,
          ...(language === undefined ? {} : { language }),
        });
      },
      (error: unknown) => {
        if (this.isOver) return;
        if (!(error instanceof EngineError)) this.options.onFailure(error);
        send({
          type: 'conversation.item.input_audio_transcription.failed',
          item_id: itemId,
          content_index: 0,
          error: describe(error),
        });
      },
    );
  }
}

function gateOf({ turns }: SessionSettings): SpeechGate | undefined {
  return turns === undefined ? undefined : new SpeechGate({ endSilenceMs: turns.endSilenceMs, frameMs });
}

function describe(error: unknown): { type: string; code: string; message: string } {
  if (!(error instanceof EngineError)) {
    return {
      type: 'server_error',
      code: 'engine_failed',
      message: 'The engines failed; their log says why.',
    };
  }
  const code = error.code === 'commit_empty' ? 'input_audio_buffer_commit_empty' : error.code;
  return {
    type: error.status < 500 ? 'invalid_request_error' : 'server_error',
    code,
    message: error.message,
  };
}
