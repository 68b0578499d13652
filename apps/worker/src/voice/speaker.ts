/** The agent's one voice in the room: the replies that are prepared, speaking or ending. */
import type { ReplyId } from '@sophy/contracts/ids';
import type { Continuation, Turn } from '@sophy/conversation/turn-event';
import type { AudioSink } from './playout.ts';
import { Reply, type ReplyOptions } from './reply.ts';

/** 24 kHz carries every voice that the engines have. */
export const voiceSampleRateHz = 24_000;

export type SpeakerOptions = {
  readonly sink: AudioSink;
  readonly played: ReplyOptions['played'];
  /** What a reply needs besides its place: context, engines and voice as set now. */
  readonly replyInputs: (
    turn: Turn,
    continues: Continuation | undefined,
    replyId: ReplyId,
  ) => Pick<ReplyOptions, 'messages' | 'llm' | 'tools' | 'tts' | 'voice' | 'settingsVersion'>;
  readonly now: () => number;
  readonly onPlayoutStart: ReplyOptions['onPlayoutStart'];
  readonly onPiece: ReplyOptions['onPiece'];
  readonly onText: ReplyOptions['onText'];
  readonly onHeard: ReplyOptions['onHeard'];
  readonly onEngineFailure: ReplyOptions['onEngineFailure'];
  readonly onEnd: ReplyOptions['onEnd'];
  /** A reply was made in silence and is thrown away. */
  readonly onWaste: (reply: Reply) => void;
};

/** What a reply is given to say besides its turn. */
export type ReplyWords = Partial<Pick<ReplyOptions, 'fixedText' | 'continues'>>;

export class Speaker {
  readonly #options: SpeakerOptions;
  readonly #replies = new Map<ReplyId, Reply>();
  readonly #closing = new Set<Promise<void>>();

  constructor(options: SpeakerOptions) {
    this.#options = options;
  }

  /** Begins a reply in silence. */
  prepare(replyId: ReplyId, turn: Turn, words: ReplyWords = {}): Reply {
    const { sink, played, now, onPlayoutStart, onPiece, onText, onHeard, onEngineFailure } = this.#options;
    const reply = new Reply({
      ...this.#options.replyInputs(turn, words.continues, replyId),
      replyId,
      turn,
      fixedText: words.fixedText,
      continues: words.continues,
      sink,
      played,
      sampleRateHz: voiceSampleRateHz,
      now,
      onPlayoutStart,
      onPiece,
      onText,
      onHeard,
      onEngineFailure,
      onEnd: (ended, end) => {
        this.#release(ended);
        this.#options.onEnd(ended, end);
      },
    });
    this.#replies.set(replyId, reply);
    return reply;
  }

  /** Makes a reply audible, prepared before or begun now. */
  start(replyId: ReplyId, turn: Turn, words?: ReplyWords): Reply {
    const reply = this.#replies.get(replyId) ?? this.prepare(replyId, turn, words);
    reply.start();
    return reply;
  }

  /** Cuts a reply. One that was only prepared leaves no trace. */
  stop(replyId: ReplyId): void {
    const reply = this.#replies.get(replyId);
    if (reply === undefined) return;
    this.#release(reply);
    reply.stop();
    if (!reply.isStarted) this.#options.onWaste(reply);
  }

  hold(replyId: ReplyId): void {
    this.#replies.get(replyId)?.hold();
  }

  resume(replyId: ReplyId): void {
    this.#replies.get(replyId)?.resume();
  }

  async close(): Promise<void> {
    for (const replyId of [...this.#replies.keys()]) this.stop(replyId);
    await Promise.all(this.#closing);
  }

  #release(reply: Reply): void {
    if (!this.#replies.delete(reply.replyId)) return;
    const closed = reply.closed().finally(() => this.#closing.delete(closed));
    this.#closing.add(closed);
  }
}
