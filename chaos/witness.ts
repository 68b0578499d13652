/** A person in a room who types and speaks, and writes down everything there is to see and hear of agents. */
import {
  AudioStream,
  type RemoteParticipant,
  type RemoteTrack,
  Room,
  RoomEvent,
  TrackKind,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';
import { parseAgentIdentity } from '@sophy/contracts/job-metadata';
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import {
  agentStateAttribute,
  chatTopic,
  noticeTopic,
  type RoomNotice,
  roomNoticeSchema,
  transcriptionTopic,
} from '@sophy/contracts/room-messages';
import { type Caption, Captions } from '@sophy/testkit/captions';
import { createCondition } from '@sophy/testkit/condition';
import { type Microphone, openMicrophone } from '@sophy/testkit/microphone';
import { rmsDbfs, voicedThresholdDbfs } from '@sophy/testkit/pcm';
import { isServing, type Sighting } from './service-times.ts';
import { VoiceSpans } from './voice-spans.ts';

const frameMs = 20;
const heardSampleRateHz = 16_000;
const rejoinMs = 500;

export type Place = { readonly url: string; readonly token: string };

export type WitnessOptions = {
  readonly roomName: string;
  readonly name: string;
  /** A fresh way into the room; asked again whenever the room was lost. */
  readonly findPlace: () => Promise<Place>;
  readonly hasMicrophone: boolean;
};

/** A notice and the agent that sent it. */
export type SeenNotice = { readonly atMs: number; readonly identity: string; readonly notice: RoomNotice };

export class Witness {
  readonly roomName: string;
  readonly sightings: Sighting[] = [];
  readonly notices: SeenNotice[] = [];
  /** What did not follow the contract, or went wrong in the harness itself. */
  readonly problems: string[] = [];
  /** When the room was entered for the first time, `performance.now()`. */
  joinedMs = 0;
  readonly #options: WitnessOptions;
  readonly #voices = new Map<string, VoiceSpans>();
  readonly #captions: Captions;
  readonly #changes = createCondition();
  readonly #work = new Set<Promise<void>>();
  readonly #microphone: Microphone | undefined;
  #room: Room | undefined;
  #hasLeft = false;

  constructor(options: WitnessOptions) {
    this.#options = options;
    this.roomName = options.roomName;
    this.#microphone = options.hasMicrophone ? openMicrophone('microphone') : undefined;
    this.#captions = new Captions({
      onChange: () => this.#changes.notify(),
      isAgent: (identity) => parseAgentIdentity(identity) !== undefined,
    });
  }

  get identity(): string {
    return this.#room?.localParticipant?.identity ?? '';
  }

  get captions(): readonly Caption[] {
    return this.#captions.list();
  }

  /** Spans of sound of each agent ever heard. */
  get voices(): ReadonlyMap<string, VoiceSpans> {
    return this.#voices;
  }

  /** Agents in the room now, newest epoch first, with their states. */
  get agents(): readonly { identity: string; callId: string; epoch: number; state: string | undefined }[] {
    return [...(this.#room?.remoteParticipants.values() ?? [])]
      .flatMap(({ identity, attributes }) => {
        const job = parseAgentIdentity(identity);
        return job === undefined ? [] : [{ identity, ...job, state: attributes[agentStateAttribute] }];
      })
      .sort((a, b) => b.epoch - a.epoch);
  }

  /** Whether the fleet says in the room that somebody has to wait for an agent. */
  get isToldToWait(): boolean {
    const metadata = this.#room?.metadata ?? '';
    return /"waitingForAgentSinceMs":\d/.test(metadata);
  }

  /** The agent that has the call: of the newest epoch among those that serve and were not killed. */
  get agent(): { identity: string; callId: string; epoch: number; state: string | undefined } | undefined {
    const dead = new Set(
      this.sightings.filter(({ event }) => event.type === 'killed').map(({ identity }) => identity),
    );
    return this.agents.find(({ identity, state }) => isServing(state) && !dead.has(identity));
  }

  async join(): Promise<void> {
    await this.#enter();
    this.joinedMs = performance.now();
  }

  async type(text: string): Promise<void> {
    await this.#room?.localParticipant?.sendText(text, { topic: chatTopic });
  }

  /** Resolves when the last sound has left. Rejects without a microphone. */
  async say(clip: PcmAudio): Promise<void> {
    if (this.#microphone === undefined) throw new Error(`${this.#options.name} has no microphone`);
    await this.#microphone.say(clip);
  }

  /** The harness has ended the process of this agent. */
  noteKilled(identity: string): void {
    const epoch = parseAgentIdentity(identity)?.epoch;
    if (epoch === undefined) return;
    this.sightings.push({ atMs: performance.now(), identity, epoch, event: { type: 'killed' } });
    this.#changes.notify();
  }

  /** Waits for anything to be seen or heard; undefined when it does not come in time. */
  async until<T>(check: () => T | undefined, timeoutMs: number): Promise<T | undefined> {
    try {
      return await this.#changes.until(check, timeoutMs, () => 'not seen');
    } catch {
      // Whether not seeing it breaks a promise is for the one who asked.
      return undefined;
    }
  }

  /** Lets everybody who waits look again. */
  nudge(): void {
    this.#changes.notify();
  }

  async leave(): Promise<void> {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    await this.#microphone?.close();
    await this.#room?.disconnect();
    await Promise.allSettled(this.#work);
    this.#changes.notify();
  }

  async #enter(): Promise<void> {
    const { url, token } = await this.#options.findPlace();
    const room = new Room();
    room.registerTextStreamHandler(transcriptionTopic, (reader, { identity }) => {
      this.#own(this.#captions.read(reader, identity));
    });
    room
      .on(RoomEvent.ParticipantConnected, (participant) => this.#see(participant))
      .on(RoomEvent.ParticipantAttributesChanged, (_changed, participant) => {
        this.#seeState(participant.identity, participant.attributes[agentStateAttribute]);
      })
      .on(RoomEvent.ParticipantDisconnected, ({ identity }) => this.#note(identity, { type: 'left' }))
      .on(RoomEvent.TrackSubscribed, (track, _publication, { identity }) => this.#listen(track, identity))
      .on(RoomEvent.DataReceived, (payload, participant, _kind, topic) => {
        if (topic === noticeTopic) this.#takeNotice(payload, participant?.identity ?? '');
      })
      .on(RoomEvent.RoomMetadataChanged, () => this.#changes.notify())
      .on(RoomEvent.Disconnected, () => {
        if (this.#room === room && !this.#hasLeft) this.#own(this.#rejoin());
      });
    await room.connect(url, token, { autoSubscribe: true, dynacast: false });
    this.#room = room;
    for (const participant of room.remoteParticipants.values()) this.#see(participant);
    if (this.#microphone === undefined) return;
    const publishing = new TrackPublishOptions();
    publishing.source = TrackSource.SOURCE_MICROPHONE;
    await room.localParticipant?.publishTrack(this.#microphone.track, publishing);
  }

  /** As the page does: asks for a place again and again until there is one. */
  async #rejoin(): Promise<void> {
    for (const { identity } of this.agents) this.#note(identity, { type: 'left' });
    this.#room = undefined;
    while (!this.#hasLeft) {
      try {
        await this.#enter();
        return;
      } catch {
        // The server is away, or not ready: the room is entered when it is back.
        await new Promise((resolve) => setTimeout(resolve, rejoinMs));
      }
    }
  }

  #see({ identity, attributes }: RemoteParticipant): void {
    this.#seeState(identity, attributes[agentStateAttribute]);
  }

  #seeState(identity: string, state: string | undefined): void {
    this.#note(identity, { type: 'state', state });
  }

  #note(identity: string, event: Sighting['event']): void {
    const epoch = parseAgentIdentity(identity)?.epoch;
    if (epoch !== undefined) this.sightings.push({ atMs: performance.now(), identity, epoch, event });
    this.#changes.notify();
  }

  #listen(track: RemoteTrack, identity: string): void {
    if (track.kind !== TrackKind.KIND_AUDIO || parseAgentIdentity(identity) === undefined) return;
    const spans = this.#voices.get(identity) ?? new VoiceSpans();
    this.#voices.set(identity, spans);
    const stream = new AudioStream(track, {
      sampleRate: heardSampleRateHz,
      numChannels: 1,
      frameSizeMs: frameMs,
    });
    const read = async (): Promise<void> => {
      for await (const frame of stream) {
        if (rmsDbfs(frame.data) >= voicedThresholdDbfs) spans.add(performance.now(), frameMs);
      }
    };
    this.#own(read());
  }

  #takeNotice(payload: Uint8Array, identity: string): void {
    const text = Buffer.from(payload).toString('utf8');
    try {
      this.notices.push({
        atMs: performance.now(),
        identity,
        notice: roomNoticeSchema.parse(JSON.parse(text)),
      });
    } catch (error) {
      this.problems.push(`notice outside the contract: ${text} (${String(error)})`);
    }
    this.#changes.notify();
  }

  /** Keeps what runs beside, so that `leave` waits for it. Streams break with their agents: that is no problem here. */
  #own(work: Promise<void>): void {
    const owned = work.catch(() => undefined);
    this.#work.add(owned);
    void owned.then(() => this.#work.delete(owned));
  }
}
