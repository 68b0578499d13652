/**
 * One reply: model text, cut into pieces, synthesised piece by piece into its playout.
 * Begins silent (prepared); `start` makes it audible; ends exactly once.
 */
import type { ReplyId } from '@sophy/contracts/ids';
import { heardText } from '@sophy/conversation/heard-text';
import { type LatencyMark, type LatencyMarks, withMark } from '@sophy/conversation/latency-ledger';
import type { LlmMessage, LlmPort } from '@sophy/conversation/llm-port';
import { ProviderError } from '@sophy/conversation/provider-error';
import { providerFailure } from '@sophy/conversation/provider-failure';
import { createSentenceCutter } from '@sophy/conversation/sentence-cutter';
import { SoundFrames } from '@sophy/conversation/sound-frames';
import { phrase, phraseIndex } from '@sophy/conversation/speech/phrases';
import { stripSpeechMarks } from '@sophy/conversation/speech/speech-marks';
import type { SpokenLanguage } from '@sophy/conversation/speech/spoken-language';
import type { TtsPort } from '@sophy/conversation/tts-port';
import type { Continuation, Turn } from '@sophy/conversation/turn-event';
import { type ThinkOptions, think } from '../tools/think.ts';
import { PieceQueue } from './piece-queue.ts';
import { type AudioSink, Playout, type PlayoutOptions } from './playout.ts';
import { synthesizePiece } from './synthesize-piece.ts';

export type ReplyOutcome = 'complete' | 'interrupted' | 'failed';

export type ReplyEnd = {
  readonly outcome: ReplyOutcome;
  readonly generatedText: string;
  readonly heardText: string;
  /** Length of all audio made, ms. */
  readonly audioMs: number;
};

export type ReplyOptions = {
  readonly replyId: ReplyId;
  readonly turn: Turn;
  /** Said as it is, without the language model. */
  readonly fixedText: string | undefined;
  /** What it goes on from, where an agent died in the middle. */
  readonly continues: Continuation | undefined;
  readonly messages: readonly LlmMessage[];
  readonly llm: LlmPort;
  /** Left out: the reply uses none. */
  readonly tools?: ThinkOptions['tools'];
  readonly tts: TtsPort;
  readonly voice: {
    readonly language: SpokenLanguage;
    readonly voice: string | undefined;
    readonly speed: number;
  };
  /** Silence after which the agent says that it is still there, ms; left out: never. */
  readonly fillerAfterMs?: number | undefined;
  readonly sink: AudioSink;
  readonly played: PlayoutOptions['played'];
  readonly sampleRateHz: number;
  readonly settingsVersion: number;
  /** Room clock, ms. */
  readonly now: () => number;
  readonly onPlayoutStart: (reply: Reply) => void;
  /** A piece becomes audible, or readable where the voice fails. */
  readonly onPiece: (reply: Reply, text: string) => void;
  /** A started reply has got more text, or its last. */
  readonly onText: (reply: Reply) => void;
  /** People have heard more words of it. */
  readonly onHeard: (reply: Reply, heardText: string) => void;
  readonly onEngineFailure: (error: ProviderError) => void;
  readonly onEnd: (reply: Reply, end: ReplyEnd) => void;
};

type Piece = {
  /** As people read it. */
  readonly text: string;
  /** As the voice gets it: with speech marks. */
  readonly markedText: string;
  readonly startMs: number;
  readonly soundFrames: SoundFrames;
  readonly sound: readonly boolean[];
  audioMs: number | undefined;
  isWritten: boolean;
  isShown: boolean;
};

/** How often it is noted what people have heard: about a word, ms. */
const heardEveryMs = 300;
/** An answer is one or two sentences; this only bounds a model that does not stop. */
const maxTokens = 300;
/** A second word while people wait helps; a third would mock them. */
const mostFillers = 2;

export class Reply {
  readonly replyId: ReplyId;
  readonly turn: Turn;
  #marks: LatencyMarks = {};
  readonly #options: ReplyOptions;
  readonly #playout: Playout;
  readonly #abort = new AbortController();
  readonly #queue = new PieceQueue(() => {
    if (this.#isStarted && !this.#isEnded) this.#options.onText(this);
  });
  readonly #pieces: Piece[] = [];
  readonly #generation: Promise<void>;
  #generatedText = '';
  #tokens = 0;
  #isFailed = false;
  #isStarted = false;
  #isEnded = false;
  #captionTimer: ReturnType<typeof setTimeout> | undefined;
  #heardTimer: ReturnType<typeof setInterval> | undefined;
  #fillerTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ReplyOptions) {
    this.#options = options;
    this.replyId = options.replyId;
    this.turn = options.turn;
    this.#playout = new Playout({
      sink: options.sink,
      played: options.played,
      sampleRateHz: options.sampleRateHz,
      onStart: () => {
        this.#mark('playoutStartMs');
        options.onPlayoutStart(this);
      },
      onComplete: () => this.#end(this.#isFailed ? 'failed' : 'complete'),
      onError: () => this.#end('failed'),
    });
    this.#generation = Promise.all([this.#think(), this.#speak()]).then(() => undefined);
  }

  /** Room clock at the steps of the reply, ms. */
  get marks(): LatencyMarks {
    return this.#marks;
  }

  get continues(): Continuation | undefined {
    return this.#options.continues;
  }

  /** What the model has given so far, spoken or not. */
  get written(): { readonly text: string; readonly isComplete: boolean } {
    return {
      text: stripSpeechMarks(this.#queue.text),
      isComplete: this.#queue.isClosed && !this.#abort.signal.aborted,
    };
  }

  get settingsVersion(): number {
    return this.#options.settingsVersion;
  }

  get engines(): Readonly<Record<'llm' | 'tts', string>> {
    return { llm: this.#options.llm.label, tts: this.#options.tts.label };
  }

  /** What people have heard (or read, where the voice failed) so far. */
  get heardText(): string {
    const spoken = this.#pieces.filter((piece) => !piece.isWritten);
    const written = this.#pieces
      .filter((piece) => piece.isWritten && piece.isShown)
      .map((piece) => piece.text);
    return [heardText(spoken, this.#playout.playedMs), ...written].filter((text) => text !== '').join(' ');
  }

  /** Pieces of text that the model gave: about its tokens. */
  get tokens(): number {
    return this.#tokens;
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  start(): void {
    if (this.#isStarted || this.#isEnded) return;
    this.#isStarted = true;
    this.#playout.play();
    this.#showPieces();
    this.#waitWithWords(0);
    let noted = '';
    this.#heardTimer = setInterval(() => {
      const { heardText } = this;
      if (heardText === noted) return;
      noted = heardText;
      this.#options.onHeard(this, heardText);
    }, heardEveryMs);
  }

  /** An answer that is late is announced: people who hear nothing believe that nobody is there. */
  #waitWithWords(fillers: number, said = ''): void {
    const { fillerAfterMs, fixedText, turn, voice } = this.#options;
    if (fillerAfterMs === undefined || fixedText !== undefined || fillers === mostFillers) return;
    this.#fillerTimer = setTimeout(
      () => {
        if (this.#isEnded || this.#queue.isClosed || this.#queue.text !== said) return;
        this.#queue.push(phrase('filler', voice.language, phraseIndex(turn.turnId) + fillers));
        this.#waitWithWords(fillers + 1, this.#queue.text);
      },
      fillerAfterMs * (fillers + 1),
    );
  }

  hold(): void {
    this.#playout.hold();
  }

  resume(): void {
    this.#playout.resume();
  }

  /** Cuts the reply; a prepared one leaves no trace, a started one reports its end. */
  stop(): void {
    if (this.#isEnded) return;
    this.#playout.stop();
    this.#abort.abort();
    if (this.#isStarted) this.#end('interrupted');
    else this.#isEnded = true;
  }

  /** Ends when generation and playout have let go of everything. */
  async closed(): Promise<void> {
    await this.#generation;
    await this.#playout.closed();
  }

  async #think(): Promise<void> {
    const { llm, messages, fixedText, tools, voice } = this.#options;
    const cutter = createSentenceCutter();
    const { signal } = this.#abort;
    if (fixedText !== undefined) {
      for (const piece of [...cutter.push(fixedText), ...cutter.flush()]) this.#queue.push(piece);
      this.#queue.close();
      return;
    }
    this.#mark('llmRequestMs');
    try {
      const { language } = voice;
      for await (const thought of think({ llm, messages, maxTokens, tools, language, signal })) {
        if (thought.type === 'text') {
          this.#mark('llmFirstTokenMs');
          this.#tokens += 1;
        }
        if (thought.type !== 'pause') for (const piece of cutter.push(thought.text)) this.#queue.push(piece);
        // What comes next takes its time: what there is so far is said meanwhile.
        if (thought.type !== 'text') for (const piece of cutter.flush()) this.#queue.push(piece);
      }
      for (const piece of cutter.flush()) this.#queue.push(piece);
      if (this.#marks.llmFirstTokenMs === undefined && !signal.aborted) {
        throw new ProviderError({
          stage: 'llm',
          engine: llm.label,
          category: 'bad-response',
          message: 'the answer is empty',
          isRetryable: false,
        });
      }
    } catch (error) {
      if (!signal.aborted) {
        this.#isFailed = true;
        for (const piece of cutter.flush()) this.#queue.push(piece);
        this.#options.onEngineFailure(providerFailure(error, 'llm', llm.label));
        this.#queue.push(phrase('apology', this.#options.voice.language));
      }
    } finally {
      this.#mark('llmEndMs');
      this.#queue.close();
    }
  }

  async #speak(): Promise<void> {
    const { signal } = this.#abort;
    for await (const markedText of this.#queue) {
      if (signal.aborted) return;
      const text = stripSpeechMarks(markedText);
      this.#generatedText = this.#generatedText === '' ? text : `${this.#generatedText} ${text}`;
      const soundFrames = new SoundFrames(this.#options.sampleRateHz);
      const piece: Piece = {
        text,
        markedText,
        soundFrames,
        sound: soundFrames.frames,
        startMs: this.#playout.bufferedMs,
        audioMs: undefined,
        isWritten: false,
        isShown: false,
      };
      this.#pieces.push(piece);
      try {
        await this.#synthesize(piece, this.#pieces.length === 1);
      } catch (error) {
        if (signal.aborted) return;
        // People who cannot hear the answer read it: the piece counts as delivered when its caption is shown.
        piece.isWritten = true;
        this.#isFailed = true;
        this.#options.onEngineFailure(providerFailure(error, 'tts', this.#options.tts.label));
      }
      piece.audioMs = this.#playout.bufferedMs - piece.startMs;
      this.#showPieces();
    }
    this.#playout.finish();
  }

  async #synthesize(piece: Piece, isFirst: boolean): Promise<void> {
    const { tts, voice, sampleRateHz } = this.#options;
    this.#mark('ttsRequestMs');
    const audio = synthesizePiece({
      tts,
      request: { text: piece.markedText, language: voice.language, voice: voice.voice, speed: voice.speed },
      sampleRateHz,
      trimsHead: isFirst,
      signal: this.#abort.signal,
    });
    for await (const samples of audio) {
      this.#mark('ttsFirstAudioMs');
      piece.soundFrames.append(samples);
      this.#playout.append(samples);
    }
  }

  /** Captions run with the voice: each piece is shown when its audio begins, or at once where it has none. */
  #showPieces(): void {
    clearTimeout(this.#captionTimer);
    if (!this.#isStarted || this.#isEnded) return;
    const playedMs = this.#playout.playedMs;
    for (const piece of this.#pieces) {
      if (piece.isShown) continue;
      const waitMs = piece.isWritten ? 0 : piece.startMs - playedMs;
      if (waitMs > 20) {
        this.#captionTimer = setTimeout(() => this.#showPieces(), waitMs);
        return;
      }
      piece.isShown = true;
      this.#options.onPiece(this, piece.text);
    }
  }

  #mark(mark: LatencyMark): void {
    this.#marks = withMark(this.#marks, mark, this.#options.now());
  }

  #end(outcome: ReplyOutcome): void {
    if (this.#isEnded) return;
    if (outcome !== 'interrupted')
      for (const piece of this.#pieces) if (!piece.isShown) this.#options.onPiece(this, piece.text);
    this.#isEnded = true;
    clearTimeout(this.#captionTimer);
    clearInterval(this.#heardTimer);
    clearTimeout(this.#fillerTimer);
    this.#abort.abort();
    const heard = outcome === 'complete' ? this.#generatedText : this.heardText;
    this.#options.onEnd(this, {
      outcome,
      generatedText: this.#generatedText,
      heardText: heard,
      audioMs: this.#playout.bufferedMs,
    });
  }
}
