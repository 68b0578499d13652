/**
 * The humans in the room and their lanes. Agents are not people; a person without a microphone is one all the same.
 */
import {
  AudioStream,
  ParticipantKind,
  type RemoteAudioTrack,
  type RemoteParticipant,
  type RemoteTrack,
  type RemoteTrackPublication,
  type Room,
  RoomEvent,
  TrackKind,
  TrackSource,
} from '@livekit/rtc-node';
import { type SpeakerId, speakerIdSchema } from '@sophy/contracts/ids';
import type { ProviderError } from '@sophy/conversation/provider-error';
import type { TurnEvent } from '@sophy/conversation/turn-event';
import type { Logger } from '@sophy/telemetry/logger';
import { Lane, type LaneOptions, laneSampleRateHz } from '../lane/lane.ts';
import { personName } from './person-name.ts';

export type PeopleOptions = {
  readonly room: Room;
  readonly now: () => number;
  readonly post: (event: TurnEvent) => void;
  readonly lane: Pick<LaneOptions, 'stt' | 'language' | 'endOfTurnModel' | 'played' | 'onPeekFailure'> & {
    readonly onFailure: (speaker: SpeakerId, error: ProviderError) => void;
  };
  readonly onRecognized: (speaker: SpeakerId, sttMs: number) => void;
  readonly logger: Logger;
};

type Person = {
  readonly speaker: SpeakerId;
  readonly name: string;
  lane: Lane | undefined;
  trackId: string | undefined;
};

export class People {
  readonly #options: PeopleOptions;
  readonly #people = new Map<SpeakerId, Person>();
  readonly #closing = new Set<Promise<void>>();
  #isDeaf = false;

  constructor(options: PeopleOptions) {
    this.#options = options;
    const { room } = options;
    room.on(RoomEvent.ParticipantConnected, this.#onJoin);
    room.on(RoomEvent.ParticipantDisconnected, this.#onLeave);
    room.on(RoomEvent.TrackSubscribed, this.#onTrack);
    room.on(RoomEvent.TrackUnsubscribed, this.#onTrackGone);
    room.on(RoomEvent.TrackMuted, this.#onMuted);
  }

  get count(): number {
    return this.#people.size;
  }

  /** Takes in those who were there before the agent, and the microphones that it already hears. */
  welcomePresent(): void {
    for (const participant of this.#options.room.remoteParticipants.values()) {
      this.#onJoin(participant);
      for (const publication of participant.trackPublications.values()) {
        if (publication.track !== undefined) this.#onTrack(publication.track, publication, participant);
      }
    }
  }

  get names(): readonly string[] {
    return [...this.#people.values()].map(({ name }) => name);
  }

  nameOf(speaker: SpeakerId): string {
    return this.#people.get(speaker)?.name ?? speaker;
  }

  /** Track that a speaker's captions belong to. */
  trackOf(speaker: SpeakerId): string | undefined {
    return this.#people.get(speaker)?.trackId;
  }

  /** The id of a human who is here, else undefined: agents and strangers have no say. */
  find(identity: string): SpeakerId | undefined {
    const speaker = speakerIdSchema.safeParse(identity);
    return speaker.success && this.#people.has(speaker.data) ? speaker.data : undefined;
  }

  peek(speaker: SpeakerId): void {
    this.#people.get(speaker)?.lane?.peek();
  }

  closeUtterance(speaker: SpeakerId): void {
    this.#people.get(speaker)?.lane?.closeUtterance();
  }

  /** Hears nobody any more, also who comes later. */
  deafen(): void {
    this.#isDeaf = true;
    for (const person of this.#people.values()) this.#closeLane(person);
  }

  async close(): Promise<void> {
    const { room } = this.#options;
    room.off(RoomEvent.ParticipantConnected, this.#onJoin);
    room.off(RoomEvent.ParticipantDisconnected, this.#onLeave);
    room.off(RoomEvent.TrackSubscribed, this.#onTrack);
    room.off(RoomEvent.TrackUnsubscribed, this.#onTrackGone);
    room.off(RoomEvent.TrackMuted, this.#onMuted);
    for (const person of this.#people.values()) this.#closeLane(person);
    this.#people.clear();
    await Promise.all(this.#closing);
  }

  readonly #onJoin = (participant: RemoteParticipant): void => {
    if (participant.info.kind === ParticipantKind.AGENT) return;
    const parsed = speakerIdSchema.safeParse(participant.identity);
    if (!parsed.success || this.#people.has(parsed.data)) return;
    const speaker = parsed.data;
    const name = personName(participant.name, speaker);
    this.#people.set(speaker, { speaker, name, lane: undefined, trackId: undefined });
    this.#options.post({ type: 'speaker-join', atMs: this.#options.now(), speaker, name });
  };

  readonly #onLeave = (participant: RemoteParticipant): void => {
    const person = this.#person(participant);
    if (person === undefined) return;
    this.#closeLane(person);
    this.#people.delete(person.speaker);
    this.#options.post({ type: 'speaker-leave', atMs: this.#options.now(), speaker: person.speaker });
  };

  readonly #onTrack = (
    track: RemoteTrack,
    publication: RemoteTrackPublication,
    participant: RemoteParticipant,
  ): void => {
    if (track.kind !== TrackKind.KIND_AUDIO || publication.source !== TrackSource.SOURCE_MICROPHONE) return;
    this.#onJoin(participant);
    const person = this.#person(participant);
    if (person === undefined || !isAudioTrack(track) || this.#isDeaf) return;
    this.#closeLane(person);
    person.trackId = publication.sid;
    const { speaker } = person;
    person.lane = new Lane({
      ...this.#options.lane,
      speaker,
      audio: new AudioStream(track, { sampleRate: laneSampleRateHz, numChannels: 1, frameSizeMs: 10 }),
      onFailure: (error) => this.#options.lane.onFailure(speaker, error),
      idPrefix: publication.sid ?? 'track',
      now: this.#options.now,
      post: this.#options.post,
      onRecognized: (_utteranceId, sttMs) => this.#options.onRecognized(speaker, sttMs),
      onEnded: (error) => this.#options.logger.error({ error, speaker }, 'lane stopped hearing'),
    });
  };

  readonly #onTrackGone = (
    track: RemoteTrack,
    publication: RemoteTrackPublication,
    participant: RemoteParticipant,
  ): void => {
    const person = this.#person(participant);
    if (person === undefined || track.kind !== TrackKind.KIND_AUDIO || person.trackId !== publication.sid)
      return;
    this.#closeLane(person);
  };

  readonly #onMuted = (
    publication: { readonly sid?: string },
    participant: { readonly identity: string },
  ): void => {
    const person = this.#person(participant);
    if (person !== undefined && person.trackId === publication.sid) person.lane?.mute();
  };

  #person(participant: { readonly identity: string }): Person | undefined {
    const speaker = this.find(participant.identity);
    return speaker === undefined ? undefined : this.#people.get(speaker);
  }

  #closeLane(person: Person): void {
    if (person.lane === undefined) return;
    const closed = person.lane
      .close()
      .catch((error: unknown) =>
        this.#options.logger.warn({ error, speaker: person.speaker }, 'lane did not close cleanly'),
      )
      .finally(() => this.#closing.delete(closed));
    this.#closing.add(closed);
    person.lane = undefined;
  }
}

function isAudioTrack(track: RemoteTrack): track is RemoteAudioTrack {
  return track.kind === TrackKind.KIND_AUDIO;
}
