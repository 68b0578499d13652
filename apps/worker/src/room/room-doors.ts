/** The ways by which people in the room speak to the agent other than by voice: typed messages and procedures. */
import { type LocalParticipant, type Room, RpcError, type TextStreamReader } from '@livekit/rtc-node';
import type { SpeakerId } from '@sophy/contracts/ids';
import {
  answerNowMethod,
  chatTopic,
  privateTopic,
  raiseHandMethod,
  raiseHandRequestSchema,
  stopSpeakingMethod,
} from '@sophy/contracts/room-messages';
import type { TurnEvent } from '@sophy/conversation/turn-event';
import type { Logger } from '@sophy/telemetry/logger';

/** Typed messages longer than this are cut: a model's context is not a mailbox. */
const longestTypedMessage = 4_000;
const methods = [stopSpeakingMethod, raiseHandMethod, answerNowMethod];
const topics = [chatTopic, privateTopic];

export type RoomDoorsOptions = {
  readonly room: Room;
  readonly participant: LocalParticipant;
  /** The person with this identity, if one is in the room. */
  readonly find: (identity: string) => SpeakerId | undefined;
  readonly post: (event: TurnEvent) => void;
  /** Room clock, ms. */
  readonly now: () => number;
  readonly logger: Logger;
};

export class RoomDoors {
  readonly #options: RoomDoorsOptions;

  /** Opens the doors at once. */
  constructor(options: RoomDoorsOptions) {
    this.#options = options;
    const { room, participant, post, now } = options;
    room.registerTextStreamHandler(chatTopic, (reader, { identity }) => this.#read(reader, identity, false));
    room.registerTextStreamHandler(privateTopic, (reader, { identity }) =>
      this.#read(reader, identity, true),
    );
    participant.registerRpcMethod(stopSpeakingMethod, async ({ callerIdentity }) => {
      post({ type: 'stop-request', atMs: now(), speaker: this.#caller(callerIdentity) });
      return 'ok';
    });
    participant.registerRpcMethod(raiseHandMethod, async ({ callerIdentity, payload }) => {
      const speaker = this.#caller(callerIdentity);
      post({ type: 'hand-raise', atMs: now(), speaker, isRaised: isHandRaised(payload) });
      return 'ok';
    });
    participant.registerRpcMethod(answerNowMethod, async ({ callerIdentity }) => {
      post({ type: 'answer-request', atMs: now(), speaker: this.#caller(callerIdentity) });
      return 'ok';
    });
  }

  close(): void {
    const { room, participant } = this.#options;
    for (const topic of topics) room.unregisterTextStreamHandler(topic);
    for (const method of methods) participant.unregisterRpcMethod(method);
  }

  /** Whoever calls a procedure is a person in the room, or is refused. */
  #caller(identity: string): SpeakerId {
    const speaker = this.#options.find(identity);
    if (speaker === undefined)
      throw new RpcError(403, 'Only a person in the room may ask this of the agent.');
    return speaker;
  }

  #read(reader: TextStreamReader, identity: string, isPrivate: boolean): void {
    reader
      .readAll()
      .then((text) => this.#onTyped(identity, { messageId: reader.info.streamId, text, isPrivate }))
      .catch((error: unknown) => this.#options.logger.warn({ error }, 'typed message not read'));
  }

  #onTyped(
    identity: string,
    message: { readonly messageId: string; readonly text: string; readonly isPrivate: boolean },
  ): void {
    const { find, post, now } = this.#options;
    const speaker = find(identity);
    const text = message.text.trim().slice(0, longestTypedMessage);
    if (speaker === undefined || text === '') return;
    post({ ...message, type: 'typed-message', atMs: now(), speaker, text });
  }
}

/** What a raise-hand call asks. Throws `RpcError` 400 for anything else. */
function isHandRaised(payload: string): boolean {
  try {
    return raiseHandRequestSchema.parse(JSON.parse(payload)).raised;
  } catch (cause) {
    throw new RpcError(400, `Send {"raised": true} or {"raised": false}. (${String(cause)})`);
  }
}
