/**
 * One human's microphone: its own voice activity, its own utterances, its own recognition.
 * Says what it hears as turn events; decides nothing.
 */

import {
  ReadableStream,
  type ReadableStreamDefaultController,
  type ReadableStreamDefaultReader,
} from 'node:stream/web';
import { inference, VADEventType } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import type { SpeakerId, UtteranceId } from '@sophy/contracts/ids';
import { utteranceIdSchema } from '@sophy/contracts/ids';
import type { ProviderError } from '@sophy/conversation/provider-error';
import type { SttPort } from '@sophy/conversation/stt-port';
import type { TurnEvent } from '@sophy/conversation/turn-event';
import { EchoWatch, type EchoWatchOptions } from './echo-watch.ts';
import type { EndOfTurnModel } from './end-of-turn-model.ts';
import { EndOfTurnWatch } from './end-of-turn-watch.ts';
import type { Recognizer, RecognizerEvents } from './recognizer.ts';
import { createStreamingRecognizer } from './streaming-recognizer.ts';
import { createUploadRecognizer } from './upload-recognizer.ts';
import { UtteranceAudio } from './utterance-audio.ts';

/** What voice activity and recognition work on. */
export const laneSampleRateHz = 16_000;
const sampleRateHz = laneSampleRateHz;
/**
 * Silence after which a pause is reported, ms: two windows of the detector. The policy decides whether the pause
 * ends the turn; reporting early lets recognition and a prepared reply run inside it.
 */
const pauseMs = 64;
/** Length of the detector's window, ms. */
const windowMs = 32;
/** Probability of voice from which the detector takes a window for speech, and below which for silence. */
const voicedFrom = 0.5;
const silentBelow = 0.35;
/** What the end-of-turn model looks at, samples: 1.2 s. */
const endOfTurnSamples = 19_200;
/** An utterance is cut at the first pause past this, since uploads are limited (Whisper hears 30 s). */
const longUtteranceMs = 20_000;

export type LaneOptions = {
  readonly speaker: SpeakerId;
  /** The microphone: mono frames at 16 kHz as they come. */
  readonly audio: ReadableStream<AudioFrame>;
  /** Makes utterance ids unique among all lanes that the speaker ever has. */
  readonly idPrefix: string;
  /** The recognition engine as set now; asked again for each utterance. */
  readonly stt: () => SttPort;
  readonly language: () => string | undefined;
  /** The model that hears whether a turn is over, or undefined while it has no say. */
  readonly endOfTurnModel: () => EndOfTurnModel | undefined;
  /** What the agent's voice sent into the room, which may come back through this microphone. */
  readonly played: EchoWatchOptions['played'];
  /** Room clock, ms. */
  readonly now: () => number;
  readonly post: (event: TurnEvent) => void;
  /** How long recognition took for the latest words, ms. */
  readonly onRecognized: (utteranceId: UtteranceId, sttMs: number) => void;
  readonly onFailure: (error: ProviderError) => void;
  readonly onPeekFailure: (error: ProviderError) => void;
  /** The lane can no longer hear. */
  readonly onEnded: (error: Error) => void;
};

export class Lane {
  readonly #options: LaneOptions;
  readonly #vad = new inference.VAD({
    minSpeechDuration: windowMs,
    minSilenceDuration: pauseMs,
    activationThreshold: voicedFrom,
    deactivationThreshold: silentBelow,
  }).stream();
  readonly #audio = new UtteranceAudio(sampleRateHz);
  readonly #reader: ReadableStreamDefaultReader<AudioFrame>;
  readonly #endOfTurn: EndOfTurnWatch;
  readonly #echo: EchoWatch;
  #input: ReadableStreamDefaultController<AudioFrame> | undefined;
  #recognizer: { readonly port: SttPort; readonly recognizer: Recognizer } | undefined;
  #retired: Promise<void>[] = [];
  #utteranceCount = 0;
  #utteranceId: UtteranceId | undefined;
  #isSpeaking = false;
  /** Silence at this moment, ms; 0 while there is voice. */
  #silenceMs = 0;
  /** An engine has ended the speech, and no silence was heard yet. */
  #isEndKnown = false;
  /** An engine has ended the speech, and the detector has not yet. */
  #isAhead = false;
  /** Words for what was said are still to come. */
  #isAwaitingWords = false;
  #isClosed = false;
  readonly #work: Promise<unknown>;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#reader = options.audio.getReader();
    this.#endOfTurn = new EndOfTurnWatch({
      model: options.endOfTurnModel,
      audio: () => this.#audio.tail(endOfTurnSamples),
      onEstimate: (probability) => {
        if (this.#isClosed || this.#isSpeaking) return;
        const { now, post, speaker } = options;
        post({ type: 'end-of-turn-estimate', atMs: now(), speaker, probability });
      },
    });
    this.#echo = new EchoWatch({
      played: options.played,
      audio: (samples) => this.#audio.tail(samples),
      sampleRateHz,
      now: options.now,
      onEstimate: (likeness) => {
        const { now, post, speaker } = options;
        post({ type: 'echo-estimate', atMs: now(), speaker, likeness });
      },
    });
    this.#vad.updateInputStream(
      new ReadableStream<AudioFrame>({
        start: (controller) => {
          this.#input = controller;
        },
      }),
    );
    this.#useEngine();
    this.#work = Promise.all([this.#pump(), this.#listen()]).catch((error: unknown) => {
      if (!this.#isClosed) options.onEnded(error instanceof Error ? error : new Error(String(error)));
    });
  }

  /** The turn is committed: what comes next is another utterance. */
  closeUtterance(): void {
    if (this.#isSpeaking) return;
    this.#endOfTurn.reset();
    this.#audio.close();
    this.#utteranceId = undefined;
  }

  /** The words so far are wanted, while the person still speaks. */
  peek(): void {
    if (this.#isSpeaking && this.#utteranceId !== undefined)
      this.#recognizer?.recognizer.peek(this.#utteranceId, this.#audio);
  }

  /** The microphone was muted: no more audio comes, so the silence that ends the turn is supplied here. */
  mute(): void {
    const silence = new Int16Array((sampleRateHz * 400) / 1_000);
    this.#input?.enqueue(new AudioFrame(silence, sampleRateHz, 1, silence.length));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#settle();
    await this.#reader.cancel();
    this.#vad.close();
    await this.#work;
    await this.#endOfTurn.close();
    await this.#recognizer?.recognizer.close();
    await Promise.all(this.#retired);
  }

  /** The lane goes away in the middle of speech: nobody shall wait for what it will never say. */
  #settle(): void {
    const { post, now, speaker } = this.#options;
    if (this.#isSpeaking) post({ type: 'speech-end', atMs: now(), speaker, lastVoiceMs: now() });
    if (this.#isAwaitingWords && this.#utteranceId !== undefined) {
      post({ type: 'transcript-failed', atMs: now(), speaker, utteranceId: this.#utteranceId });
    }
    this.#isSpeaking = false;
  }

  async #pump(): Promise<void> {
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (done || this.#isClosed) return;
      // Streaming recognition hears at once, not a detector's window later.
      this.#recognizer?.recognizer.hear(value.data);
      this.#input?.enqueue(value);
    }
  }

  async #listen(): Promise<void> {
    for await (const event of this.#vad) {
      if (this.#isClosed) return;
      switch (event.type) {
        case VADEventType.INFERENCE_DONE:
          for (const frame of event.frames) this.#hear(frame.data);
          this.#follow(event.probability, event.rawAccumulatedSilence);
          break;
        case VADEventType.START_OF_SPEECH:
          this.#startSpeech(event.speechDuration);
          break;
        case VADEventType.END_OF_SPEECH:
          this.#isAhead = false;
          if (this.#isSpeaking) this.#pauseSpeech(event.silenceDuration);
          break;
        default:
          break;
      }
    }
  }

  #hear(samples: Int16Array): void {
    // The frame's memory belongs to the detector, which goes on using it.
    this.#audio.append(samples.slice());
    if (this.#isSpeaking) this.#echo.speechGoesOn();
    if (this.#isSpeaking && this.#audio.durationMs >= this.#maxAudioMs()) this.#cut();
  }

  /** Keeps count of the silence at this moment, and notices that a person goes on whose speech an engine had ended. */
  #follow(probability: number, silenceBeforeMs: number): void {
    this.#silenceMs = probability < silentBelow ? silenceBeforeMs + windowMs : 0;
    if (this.#isEndKnown) this.#endSpeechAhead();
    if (!this.#isSpeaking && this.#utteranceId !== undefined) this.#endOfTurn.silent(this.#silenceMs);
    if (this.#isAhead && probability >= voicedFrom) {
      this.#isAhead = false;
      this.#startSpeech(windowMs);
    }
  }

  /** A streaming engine says that the speech is over: the first window of silence confirms it. */
  #endSpeechAhead(): void {
    if (!this.#isSpeaking) return;
    this.#isEndKnown = this.#silenceMs === 0;
    if (this.#isEndKnown) return;
    this.#isAhead = true;
    this.#reportPause(this.#silenceMs);
  }

  #startSpeech(speechDurationMs: number): void {
    const atMs = this.#options.now();
    this.#isSpeaking = true;
    this.#endOfTurn.reset();
    this.#isEndKnown = false;
    this.#isAwaitingWords = true;
    if (!this.#audio.isOpen) this.#openUtterance();
    if (this.#utteranceId !== undefined) this.#recognizer?.recognizer.speechStarted(this.#utteranceId);
    this.#echo.speechStarted(atMs - speechDurationMs);
    this.#options.post({
      type: 'speech-start',
      atMs,
      speaker: this.#options.speaker,
      onsetMs: atMs - speechDurationMs,
    });
  }

  #pauseSpeech(silenceDurationMs: number): void {
    const id = this.#utteranceId;
    this.#reportPause(silenceDurationMs);
    if (id === undefined) return;
    this.#recognizer?.recognizer.speechPaused(id, this.#audio);
    if (this.#audio.durationMs >= longUtteranceMs) this.closeUtterance();
  }

  #reportPause(silenceDurationMs: number): void {
    // Before the pause itself is judged, so that the sound has its say.
    this.#echo.speechPaused(silenceDurationMs);
    const atMs = this.#options.now();
    this.#isSpeaking = false;
    this.#isEndKnown = false;
    this.#options.post({
      type: 'speech-end',
      atMs,
      speaker: this.#options.speaker,
      lastVoiceMs: atMs - silenceDurationMs,
      utteranceId: this.#utteranceId,
    });
  }

  /** Somebody speaks without a pause for longer than the engine can hear at once. */
  #cut(): void {
    const id = this.#utteranceId;
    if (id !== undefined) this.#recognizer?.recognizer.speechPaused(id, this.#audio);
    this.#audio.close();
    this.#openUtterance();
  }

  #openUtterance(): void {
    this.#useEngine();
    this.#utteranceCount += 1;
    this.#utteranceId = utteranceIdSchema.parse(`${this.#options.idPrefix}-u${this.#utteranceCount}`);
    this.#audio.open();
  }

  #maxAudioMs(): number {
    const port = this.#recognizer?.port;
    return port?.kind === 'upload' ? port.maxAudioMs : Number.POSITIVE_INFINITY;
  }

  /** Takes the engine that the settings name now. Only between utterances, so nothing that was said is lost. */
  #useEngine(): void {
    const port = this.#options.stt();
    if (this.#recognizer?.port === port) return;
    if (this.#recognizer !== undefined) this.#retired.push(this.#recognizer.recognizer.close());
    const { now, language, speaker, post } = this.#options;
    const events: RecognizerEvents = {
      onInterim: (utteranceId, text) =>
        post({ type: 'transcript-delta', atMs: now(), speaker, utteranceId, text }),
      onTranscript: (utteranceId, transcript) => {
        if (this.#isClosed) return;
        if (transcript.endsSpeech) this.#endSpeechAhead();
        if (!this.#isSpeaking) this.#isAwaitingWords = false;
        this.#options.onRecognized(utteranceId, transcript.sttMs);
        post({
          type: 'transcript-end',
          atMs: now(),
          speaker,
          utteranceId,
          text: transcript.text,
          language: transcript.language,
        });
      },
      onPeekFailure: (error) => this.#options.onPeekFailure(error),
      onFailure: (utteranceId, error) => {
        if (this.#isClosed) return;
        this.#isAwaitingWords = false;
        this.#options.onFailure(error);
        post({ type: 'transcript-failed', atMs: now(), speaker, utteranceId });
      },
    };
    const recognizer =
      port.kind === 'upload'
        ? createUploadRecognizer({ engine: port, language, events, now })
        : createStreamingRecognizer({ engine: port, inputSampleRateHz: sampleRateHz, language, events, now });
    this.#recognizer = { port, recognizer };
  }
}
