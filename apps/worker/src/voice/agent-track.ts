/** The audio track on which people hear the agent. */
import {
  AudioSource,
  LocalAudioTrack,
  type LocalParticipant,
  type LocalTrackPublication,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';
import type { AudioSink } from './playout.ts';
import { voiceSampleRateHz } from './speaker.ts';

/** Short enough that a hold is heard at once, long enough to ride over a busy event loop. */
const queueMs = 100;

export class AgentTrack {
  readonly #source: AudioSource;
  readonly #track: LocalAudioTrack;
  readonly #publication: LocalTrackPublication;

  private constructor(source: AudioSource, track: LocalAudioTrack, publication: LocalTrackPublication) {
    this.#source = source;
    this.#track = track;
    this.#publication = publication;
  }

  /** Publishes the track at once, so that people hear the first word of the first reply. */
  static async publish(participant: LocalParticipant): Promise<AgentTrack> {
    const source = new AudioSource(voiceSampleRateHz, 1, queueMs);
    const track = LocalAudioTrack.createAudioTrack('agent', source);
    const publication = await participant.publishTrack(
      track,
      new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE }),
    );
    return new AgentTrack(source, track, publication);
  }

  get sink(): AudioSink {
    return this.#source;
  }

  get trackId(): string {
    return this.#publication.sid ?? '';
  }

  /** Resolves when the first person hears the track. */
  whenHeard(): Promise<void> {
    return this.#publication.waitForSubscription();
  }

  async close(): Promise<void> {
    await this.#track.close();
  }
}
