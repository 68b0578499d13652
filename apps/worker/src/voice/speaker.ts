/** The agent's one voice in the room: its track, and the replies that are prepared, speaking or ending. */
import {
  AudioSource,
  LocalAudioTrack,
  type LocalParticipant,
  type LocalTrackPublication,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';
import type { ReplyId } from '@sophy/contracts/ids';
import type { Turn } from '@sophy/conversation/turn-event';
import { Reply, type ReplyOptions } from './reply.ts';

/** 24 kHz carries every voice that the engines have. */
const sampleRateHz = 24_000;
/** Short enough that a hold is heard at once, long enough to ride over a busy event loop. */
const queueMs = 100;

export type SpeakerOptions = {
  readonly participant: LocalParticipant;
  /** What a reply needs besides its place: context, engines and voice as set now. */
  readonly replyInputs: (
    turn: Turn,
  ) => Pick<ReplyOptions, 'messages' | 'llm' | 'tts' | 'voice' | 'settingsVersion'>;
  readonly now: () => number;
  readonly onPlayoutStart: ReplyOptions['onPlayoutStart'];
  readonly onPiece: ReplyOptions['onPiece'];
  readonly onEngineFailure: ReplyOptions['onEngineFailure'];
  readonly onEnd: ReplyOptions['onEnd'];
};

export class Speaker {
  readonly #options: SpeakerOptions;
  readonly #source: AudioSource;
  readonly #track: LocalAudioTrack;
  readonly #publication: LocalTrackPublication;
  readonly #replies = new Map<ReplyId, Reply>();
  readonly #closing = new Set<Promise<void>>();

  private constructor(
    options: SpeakerOptions,
    parts: { source: AudioSource; track: LocalAudioTrack; publication: LocalTrackPublication },
  ) {
    this.#options = options;
    this.#source = parts.source;
    this.#track = parts.track;
    this.#publication = parts.publication;
  }

  get trackId(): string {
    return this.#publication.sid ?? '';
  }

  /** Resolves when the first person hears the agent's track. */
  whenHeard(): Promise<void> {
    return this.#publication.waitForSubscription();
  }

  /** Publishes the agent's track, so that people hear the first word of the first reply. */
  static async publish(options: SpeakerOptions): Promise<Speaker> {
    const source = new AudioSource(sampleRateHz, 1, queueMs);
    const track = LocalAudioTrack.createAudioTrack('agent', source);
    const publication = await options.participant.publishTrack(
      track,
      new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE }),
    );
    return new Speaker(options, { source, track, publication });
  }

  /** Begins a reply in silence. */
  prepare(replyId: ReplyId, turn: Turn, fixedText?: string): Reply {
    const { now, onPlayoutStart, onPiece, onEngineFailure } = this.#options;
    const reply = new Reply({
      ...this.#options.replyInputs(turn),
      replyId,
      turn,
      fixedText,
      source: this.#source,
      sampleRateHz,
      now,
      onPlayoutStart,
      onPiece,
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
  start(replyId: ReplyId, turn: Turn, fixedText?: string): Reply {
    const reply = this.#replies.get(replyId) ?? this.prepare(replyId, turn, fixedText);
    reply.start();
    return reply;
  }

  /** Cuts a reply. One that was only prepared leaves no trace. */
  stop(replyId: ReplyId): void {
    const reply = this.#replies.get(replyId);
    if (reply === undefined) return;
    this.#release(reply);
    reply.stop();
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
    await this.#track.close();
  }

  #release(reply: Reply): void {
    if (!this.#replies.delete(reply.replyId)) return;
    const closed = reply.closed().finally(() => this.#closing.delete(closed));
    this.#closing.add(closed);
  }
}
