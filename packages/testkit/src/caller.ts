/** A person in a LiveKit room, played by a test: speaks clips, types, and hears and reads everything with wall times. */
import {
  AudioStream,
  ParticipantKind,
  type RemoteTrack,
  Room,
  RoomEvent,
  TrackKind,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import {
  type AgentState,
  agentStateAttribute,
  answerNowMethod,
  chatTopic,
  noticeTopic,
  privateTopic,
  type RaiseHandRequest,
  type RoomNotice,
  raiseHandMethod,
  roomNoticeSchema,
  standbyState,
  stopSpeakingMethod,
  transcriptionTopic,
} from '@sophy/contracts/room-messages';
import { type Caption, Captions } from './captions.ts';
import { createCondition } from './condition.ts';
import { makeToken } from './join-token.ts';
import { openMicrophone, type SpokenSpan } from './microphone.ts';
import { heardFrameMs, heardSampleRateHz, ReceivedAudio } from './received-audio.ts';

export type JoinOptions = {
  readonly url: string;
  readonly roomName: string;
  readonly name: string;
} & (
  | { readonly token: string }
  | { readonly apiKey: string; readonly apiSecret: string; readonly identity?: string }
);

/** A notice of the agent and when it arrived. */
export type ReceivedNotice = { readonly notice: RoomNotice; readonly atMs: number };

const defaultTimeoutMs = 15_000;

/** Joins a room with a live microphone. Resolves when the microphone is published. */
export async function joinCaller(options: JoinOptions): Promise<Caller> {
  const token = 'token' in options ? options.token : await makeToken(options);
  const caller = new Caller(options.name);
  await caller.connect(options.url, token);
  return caller;
}

export class Caller {
  readonly name: string;
  readonly notices: ReceivedNotice[] = [];
  /** States of the agent in the order in which they were seen. */
  readonly agentStates: { readonly state: string; readonly atMs: number }[] = [];
  /** What the agent wrote to this caller alone. */
  readonly privateReplies: { readonly text: string; readonly atMs: number }[] = [];
  /** Data messages and streams that did not follow the contract; tests expect none. */
  readonly problems: string[] = [];
  private readonly room = new Room();
  private readonly microphone;
  private readonly changes = createCondition();
  private readonly captionList;
  private readonly received = new Map<string, ReceivedAudio>();
  private readonly listening = new Set<Promise<void>>();
  private readonly readers = new Set<{ cancel(): Promise<void> }>();
  private hasLeft = false;

  constructor(name: string) {
    this.name = name;
    this.microphone = openMicrophone('microphone');
    this.captionList = new Captions({
      onChange: () => this.changes.notify(),
      isAgent: (identity) => identity === this.agentIdentity,
    });
  }

  get identity(): string {
    return this.room.localParticipant?.identity ?? '';
  }

  /** Identities of everybody else in the room. */
  get others(): readonly string[] {
    return [...this.room.remoteParticipants.keys()];
  }

  /** Identities of all agents in the room; more than one is a fault of the product. */
  get agents(): readonly string[] {
    return [...this.room.remoteParticipants.values()]
      .filter((participant) => participant.kind === ParticipantKind.AGENT)
      .map((participant) => participant.identity);
  }

  /** The agent that has the call; one that waits to take over does not count. */
  get agentIdentity(): string | undefined {
    return this.agents.find((identity) => this.attributesOf(identity)[agentStateAttribute] !== standbyState);
  }

  get agentState(): string | undefined {
    const identity = this.agentIdentity;
    return identity === undefined ? undefined : this.attributesOf(identity)[agentStateAttribute];
  }

  attributesOf(identity: string): Readonly<Record<string, string>> {
    return this.room.remoteParticipants.get(identity)?.attributes ?? {};
  }

  get captions(): readonly Caption[] {
    return this.captionList.list();
  }

  async connect(url: string, token: string): Promise<void> {
    this.room.registerTextStreamHandler(transcriptionTopic, (reader, { identity }) => {
      this.own(this.captionList.read(reader, identity), 'caption');
    });
    this.room.registerTextStreamHandler(privateTopic, (reader) => {
      this.own(this.takePrivate(reader.readAll()), 'private reply');
    });
    const notify = (): void => this.changes.notify();
    const noteState = (): void => {
      const state = this.agentState;
      if (state !== undefined && state !== this.agentStates.at(-1)?.state) {
        this.agentStates.push({ state, atMs: performance.now() });
      }
      notify();
    };
    this.room
      .on(RoomEvent.TrackSubscribed, (track, _publication, participant) =>
        this.listen(track, participant.identity),
      )
      .on(RoomEvent.ParticipantConnected, noteState)
      .on(RoomEvent.ParticipantDisconnected, notify)
      .on(RoomEvent.ParticipantAttributesChanged, noteState)
      .on(RoomEvent.Disconnected, notify)
      .on(RoomEvent.DataReceived, (payload, _participant, _kind, topic) => {
        if (topic === noticeTopic) this.takeNotice(payload);
      });
    await this.room.connect(url, token, { autoSubscribe: true, dynacast: false });
    noteState();
    const publishing = new TrackPublishOptions();
    publishing.source = TrackSource.SOURCE_MICROPHONE;
    if (this.room.localParticipant === undefined) throw new Error(`${this.name} has no place in the room`);
    await this.room.localParticipant.publishTrack(this.microphone.track, publishing);
  }

  /** Speaks a clip after those already waiting. Resolves with the wall times of its sound when the last sample has left. */
  say(clip: PcmAudio): Promise<SpokenSpan> {
    return this.microphone.say(clip);
  }

  /** Types a message to everybody. */
  async type(text: string): Promise<void> {
    await this.room.localParticipant?.sendText(text, { topic: chatTopic });
  }

  /** Writes to the agent alone. Rejects when there is no agent. */
  async typePrivately(text: string): Promise<void> {
    const options = { topic: privateTopic, destinationIdentities: [this.expectAgent()] };
    await this.room.localParticipant?.sendText(text, options);
  }

  /** Presses the stop-speaking button. Rejects when there is no agent or it does not know the method. */
  async stopSpeaking(): Promise<void> {
    await this.callAgent(stopSpeakingMethod, '');
  }

  /** Raises or lowers the hand. Rejects as `stopSpeaking` does. */
  async raiseHand(raised: boolean): Promise<void> {
    await this.callAgent(raiseHandMethod, JSON.stringify({ raised } satisfies RaiseHandRequest));
  }

  /** Presses the button that has the agent answer now. Rejects as `stopSpeaking` does. */
  async answerNow(): Promise<void> {
    await this.callAgent(answerNowMethod, '');
  }

  /** What this caller has heard of a participant; empty when nothing yet. */
  heard(identity: string): ReceivedAudio {
    const known = this.received.get(identity);
    if (known !== undefined) return known;
    const fresh = new ReceivedAudio();
    this.received.set(identity, fresh);
    return fresh;
  }

  /** What this caller has heard of the agent. */
  heardAgent(): ReceivedAudio {
    return this.heard(this.agentIdentity ?? '');
  }

  /** Waits for anything that this caller can see or hear; `check` runs on every change and every 10 ms of audio. */
  until<T>(what: string, check: () => T | undefined, timeoutMs = defaultTimeoutMs): Promise<T> {
    return this.changes.until(
      () => {
        const value = check();
        if (value === undefined && this.room.isConnected === false && !this.hasLeft) {
          throw new Error(`${this.name} was disconnected while waiting for ${what}`);
        }
        return value;
      },
      timeoutMs,
      () => `${this.name} saw no ${what}; ${this.summary()}`,
    );
  }

  waitForAgent(timeoutMs = defaultTimeoutMs): Promise<string> {
    return this.until('agent', () => this.agentIdentity, timeoutMs);
  }

  async waitForAgentState(state: AgentState, timeoutMs = defaultTimeoutMs): Promise<void> {
    await this.until(
      `agent that is ${state}`,
      () => (this.agentState === state ? true : undefined),
      timeoutMs,
    );
  }

  waitForCaption(predicate: (caption: Caption) => boolean, timeoutMs = defaultTimeoutMs): Promise<Caption> {
    return this.until('such caption', () => this.captions.find(predicate), timeoutMs);
  }

  async waitForNotice(
    predicate: (notice: RoomNotice) => boolean,
    timeoutMs = defaultTimeoutMs,
  ): Promise<ReceivedNotice> {
    return this.until('such notice', () => this.notices.find(({ notice }) => predicate(notice)), timeoutMs);
  }

  /** First sound of the agent at or after a time. */
  waitForVoice(afterMs: number, timeoutMs = defaultTimeoutMs): Promise<number> {
    return this.until('agent voice', () => this.heardAgent().firstSoundAfter(afterMs), timeoutMs);
  }

  /** The agent has been silent for `lengthMs`; resolves with the end of its last sound. */
  async waitForAgentSilence(lengthMs: number, timeoutMs = 60_000): Promise<number> {
    return this.until(
      `agent silence of ${lengthMs} ms`,
      () =>
        this.heardAgent().isSilentFor(lengthMs) ? (this.heardAgent().lastSoundBefore() ?? 0) : undefined,
      timeoutMs,
    );
  }

  /** Leaves the room and closes everything that was opened. Safe to call twice. */
  async leave(): Promise<void> {
    if (this.hasLeft) return;
    this.hasLeft = true;
    await this.microphone.close();
    await this.room.disconnect();
    // The sound of a room that the server has closed never comes to an end by itself.
    await Promise.allSettled([...this.readers].map((reader) => reader.cancel()));
    await Promise.allSettled(this.listening);
    this.changes.notify();
  }

  private expectAgent(): string {
    const agent = this.agentIdentity;
    if (agent === undefined) throw new Error(`${this.name} sees no agent`);
    return agent;
  }

  private async callAgent(method: string, payload: string): Promise<void> {
    const destinationIdentity = this.expectAgent();
    await this.room.localParticipant?.performRpc({ destinationIdentity, method, payload });
  }

  private async takePrivate(reading: Promise<string>): Promise<void> {
    this.privateReplies.push({ text: await reading, atMs: performance.now() });
    this.changes.notify();
  }

  private listen(track: RemoteTrack, identity: string): void {
    if (track.kind !== TrackKind.KIND_AUDIO) return;
    const received = this.heard(identity);
    const stream = new AudioStream(track, {
      sampleRate: heardSampleRateHz,
      numChannels: 1,
      frameSizeMs: heardFrameMs,
    });
    const reader = stream.getReader();
    this.readers.add(reader);
    const read = async (): Promise<void> => {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        received.add(next.value.data, performance.now());
        this.changes.notify();
      }
    };
    this.own(
      read().finally(() => this.readers.delete(reader)),
      'audio',
    );
  }

  private takeNotice(payload: Uint8Array): void {
    const text = Buffer.from(payload).toString('utf8');
    try {
      this.notices.push({ notice: roomNoticeSchema.parse(JSON.parse(text)), atMs: performance.now() });
    } catch (error) {
      this.problems.push(`notice outside the contract: ${text} (${String(error)})`);
    }
    this.changes.notify();
  }

  /** Keeps a background reading so that `leave` waits for it and its failure is seen. */
  private own(work: Promise<void>, what: string): void {
    const owned = work.catch((error: unknown) => {
      if (!this.hasLeft) this.problems.push(`${what}: ${String(error)}`);
    });
    this.listening.add(owned);
    void owned.then(() => this.listening.delete(owned));
  }

  private summary(): string {
    const captions = this.captions.map(
      (caption) => `${caption.speaker}${caption.isFinal ? '' : ' (interim)'}: ${caption.text}`,
    );
    return [
      `others: ${this.others.join(', ') || 'nobody'}`,
      `agent state: ${this.agentState ?? 'none'}`,
      `captions: ${captions.join(' | ') || 'none'}`,
      `notices: ${this.notices.map(({ notice }) => JSON.stringify(notice)).join(' ') || 'none'}`,
      `agent segments: ${this.heardAgent().segments().length}`,
      ...this.problems,
    ].join('; ');
  }
}
