/**
 * One call: owns the LiveKit room, everything attached to it, and the snapshot that the page draws.
 *
 * connecting → connected ⇄ reconnecting → ended; `rejoin` goes from ended to connecting with a new token and keeps
 * the captions. `close` ends it for good: handlers, audio elements, analysers and the connection go together.
 */
import {
  answerNowMethod,
  chatTopic,
  privateTopic,
  type RaiseHandRequest,
  type RoomNotice,
  raiseHandMethod,
  stopSpeakingMethod,
} from '@sophy/contracts/room-messages';
import { DisconnectReason, Room, RoomEvent, Track } from 'livekit-client';
import { type Admission, type CallIntent, freshAdmission, requestAdmission } from '../join/admission.ts';
import { joinProblemOf } from '../join/join-problem.ts';
import { microphoneProblemOf } from '../join/microphone-problem.ts';
import { applyNotice, nothingTold, withoutPerson } from './apply-notice.ts';
import { applyCaptionEvent, type CaptionEvent } from './caption-store.ts';
import { watchMutedSpeech } from './muted-speech.ts';
import { agentIn, isQueuedForAgent, peopleIn } from './participant-view.ts';
import { playRemoteAudio } from './remote-audio.ts';
import { type EndCause, initialSnapshot, type RoomSnapshot } from './room-snapshot.ts';
import { listenToRoomText } from './room-text.ts';

/** How long "back again" is shown after a reconnect. */
const restoredHintMs = 4_000;
/** The agent answers a button at once or never. */
const requestTimeoutMs = 3_000;

const participantEvents = [
  RoomEvent.ParticipantConnected,
  RoomEvent.ParticipantDisconnected,
  RoomEvent.ParticipantActive,
  RoomEvent.ParticipantAttributesChanged,
  RoomEvent.ParticipantNameChanged,
  RoomEvent.ActiveSpeakersChanged,
  RoomEvent.TrackPublished,
  RoomEvent.TrackUnpublished,
  RoomEvent.TrackSubscribed,
  RoomEvent.TrackUnsubscribed,
  RoomEvent.TrackMuted,
  RoomEvent.TrackUnmuted,
  RoomEvent.LocalTrackPublished,
  RoomEvent.LocalTrackUnpublished,
  RoomEvent.RoomMetadataChanged,
] as const;

/** Whom a typed message is for. */
export type MessageTarget = 'everybody' | 'agent';

export class RoomSession {
  readonly room: Room;
  readonly intent: CallIntent;
  #snapshot: RoomSnapshot = initialSnapshot;
  readonly #listeners = new Set<() => void>();
  readonly #cleanups: (() => void)[] = [];
  readonly #closing = new AbortController();
  #stopMutedWatch: (() => void) | null = null;
  #restoredTimer: ReturnType<typeof setTimeout> | undefined;
  #typedCount = 0;

  constructor(intent: CallIntent) {
    this.intent = intent;
    this.room = new Room({
      audioCaptureDefaults: {
        echoCancellation: true,
        noiseSuppression: true,
        autoGainControl: true,
        ...(intent.microphone?.deviceId ? { deviceId: intent.microphone.deviceId } : {}),
      },
      disconnectOnPageLeave: true,
    });
    this.#listen();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getSnapshot = (): RoomSnapshot => this.#snapshot;

  /** Goes in with the seat that the first page got, else with a new token. Never throws: the snapshot says it. */
  async start(): Promise<void> {
    await this.#enter(freshAdmission(this.intent.roomName, Date.now()));
  }

  /** Comes back after the call ended. The microphone is as it was. */
  async rejoin(): Promise<void> {
    if (this.#snapshot.connection.phase !== 'ended') return;
    await this.#enter(null);
  }

  /** Ends the call for good. */
  close(): void {
    this.#closing.abort();
    clearTimeout(this.#restoredTimer);
    this.#stopMutedWatch?.();
    for (const cleanup of this.#cleanups.reverse()) cleanup();
    this.room.removeAllListeners();
    this.room.disconnect().catch((error: unknown) => console.warn('The room did not close cleanly', error));
    this.#listeners.clear();
  }

  async setMicrophone(isOn: boolean): Promise<void> {
    this.#change({ microphone: { ...this.#snapshot.microphone, isChanging: true, problem: null } });
    let problem = null;
    try {
      await this.room.localParticipant.setMicrophoneEnabled(isOn);
    } catch (error) {
      problem = microphoneProblemOf(error, window.isSecureContext);
    }
    this.#change({ microphone: { ...this.#snapshot.microphone, isChanging: false, problem } });
    this.#refresh();
  }

  /** Sends a typed message to everybody, or to the agent alone; its line says whether it went out. */
  async sendTyped(text: string, to: MessageTarget): Promise<void> {
    const { localParticipant } = this.room;
    this.#typedCount += 1;
    const id = `typed\n${this.#typedCount}`;
    const by = {
      speaker: localParticipant.identity,
      name: localParticipant.name || this.intent.participantName,
      isAgent: false,
      isLocal: true,
    };
    this.#caption({ type: 'typed', id, by, text, isPrivate: to === 'agent', atMs: Date.now() });
    try {
      await localParticipant.sendText(
        text,
        to === 'agent'
          ? { topic: privateTopic, destinationIdentities: [this.#agentIdentity()] }
          : { topic: chatTopic },
      );
      this.#caption({ type: 'typed-status', id, status: 'final' });
    } catch (error) {
      console.warn('A typed message was not sent', error);
      this.#caption({ type: 'typed-status', id, status: 'failed' });
    }
  }

  /** Asks the agent to stop speaking. Throws when there is no agent or it does not answer. */
  async stopSpeaking(): Promise<void> {
    await this.#request(stopSpeakingMethod, '');
  }

  /** Asks the agent to answer what was said last. Throws when there is no agent or it does not answer. */
  async answerNow(): Promise<void> {
    await this.#request(answerNowMethod, '');
  }

  /** Raises or lowers one's hand; the agent tells everybody. Throws when there is no agent or it does not answer. */
  async raiseHand(raised: boolean): Promise<void> {
    await this.#request(raiseHandMethod, JSON.stringify({ raised } satisfies RaiseHandRequest));
  }

  /** Lets the browser play sound; call it from a tap. */
  async unlockAudio(): Promise<void> {
    await this.room.startAudio();
  }

  async #request(method: string, payload: string): Promise<void> {
    await this.room.localParticipant.performRpc({
      destinationIdentity: this.#agentIdentity(),
      method,
      payload,
      responseTimeout: requestTimeoutMs,
    });
  }

  #agentIdentity(): string {
    const { agent } = this.#snapshot;
    if (!agent) throw new Error('There is no agent in the room');
    return agent.identity;
  }

  async #enter(admitted: Admission | null): Promise<void> {
    this.#change({ connection: { phase: 'connecting' } });
    const isClosed = () => this.#closing.signal.aborted;
    let admission = admitted;
    try {
      admission ??= await requestAdmission(this.intent, this.#closing.signal);
    } catch (error) {
      if (!isClosed()) this.#end({ type: 'refused', problem: joinProblemOf(error) });
      return;
    }
    try {
      await this.room.connect(admission.token.url, admission.token.token);
    } catch (error) {
      if (isClosed()) return;
      console.warn('The room could not be entered', error);
      this.#end({ type: 'lost' });
      return;
    }
    if (isClosed()) return;
    this.#change({ connection: { phase: 'connected', wasInterrupted: false } });
    this.#refresh();
    if (this.intent.microphone) await this.setMicrophone(true);
  }

  #listen(): void {
    const { room } = this;
    const refresh = () => this.#refresh();
    for (const event of participantEvents) room.on(event, refresh);
    room
      .on(RoomEvent.SignalReconnecting, () => this.#change({ connection: { phase: 'reconnecting' } }))
      .on(RoomEvent.Reconnecting, () => this.#change({ connection: { phase: 'reconnecting' } }))
      .on(RoomEvent.Reconnected, () => this.#restored())
      .on(RoomEvent.Disconnected, (reason) => {
        if (this.#snapshot.connection.phase !== 'connecting') this.#end(causeOf(reason));
      })
      .on(RoomEvent.ParticipantDisconnected, ({ identity }) =>
        this.#change(withoutPerson(this.#snapshot, identity)),
      )
      .on(RoomEvent.AudioPlaybackStatusChanged, () =>
        this.#change({ isAudioBlocked: !room.canPlaybackAudio }),
      );
    this.#cleanups.push(
      playRemoteAudio(room),
      listenToRoomText(room, {
        onCaption: (event) => this.#caption(event),
        onNotice: (notice: RoomNotice) => this.#change(applyNotice(this.#snapshot, notice, Date.now())),
      }),
    );
  }

  #restored(): void {
    this.#change({ connection: { phase: 'connected', wasInterrupted: true } });
    this.#refresh();
    clearTimeout(this.#restoredTimer);
    this.#restoredTimer = setTimeout(() => {
      if (this.#snapshot.connection.phase === 'connected') {
        this.#change({ connection: { phase: 'connected', wasInterrupted: false } });
      }
    }, restoredHintMs);
  }

  #end(cause: EndCause): void {
    this.#stopMutedWatch?.();
    this.#stopMutedWatch = null;
    this.#change({ connection: { phase: 'ended', cause }, people: [], agent: null, ...nothingTold });
  }

  #caption(event: CaptionEvent): void {
    this.#change({ captions: applyCaptionEvent(this.#snapshot.captions, event) });
  }

  /** Reads the participants anew after LiveKit announced a change. */
  #refresh(): void {
    const { connection } = this.#snapshot;
    if (connection.phase === 'ended' || connection.phase === 'connecting') return;
    const publication = this.room.localParticipant.getTrackPublication(Track.Source.Microphone);
    const isPublished = publication !== undefined;
    const isOn = isPublished && !publication.isMuted;
    const agent = agentIn(this.room);
    // What the agent before it told is not true of this one.
    const isAnother = agent?.identity !== this.#snapshot.agent?.identity;
    this.#change({
      ...(isAnother ? nothingTold : {}),
      people: peopleIn(this.room),
      agent,
      isQueued: isQueuedForAgent(this.room),
      isAudioBlocked: !this.room.canPlaybackAudio,
      microphone: { ...this.#snapshot.microphone, isOn, isPublished },
    });
    this.#watchMutedSpeech(isPublished && !isOn ? publication.track?.mediaStreamTrack : undefined);
  }

  #watchMutedSpeech(track: MediaStreamTrack | undefined): void {
    if (!track) {
      this.#stopMutedWatch?.();
      this.#stopMutedWatch = null;
    } else if (!this.#stopMutedWatch) {
      this.#stopMutedWatch = watchMutedSpeech(track, (isSpeakingMuted) => this.#change({ isSpeakingMuted }));
    }
  }

  #change(part: Partial<RoomSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...part };
    for (const listener of this.#listeners) listener();
  }
}

function causeOf(reason: DisconnectReason | undefined): EndCause {
  switch (reason) {
    case DisconnectReason.DUPLICATE_IDENTITY:
      return { type: 'elsewhere' };
    case DisconnectReason.PARTICIPANT_REMOVED:
    case DisconnectReason.ROOM_DELETED:
    case DisconnectReason.ROOM_CLOSED:
      return { type: 'removed' };
    default:
      return { type: 'lost' };
  }
}
