/**
 * Captions in the room: text streams on LiveKit's transcription topic, each signed with its speaker's identity.
 * A human's segment is replaced as a whole with each stream; the agent's reply is one growing stream.
 */
import type { LocalParticipant } from '@livekit/rtc-node';
import {
  segmentIdAttribute,
  transcribedTrackIdAttribute,
  transcriptionFinalAttribute,
  transcriptionTopic,
} from '@sophy/contracts/room-messages';
import type { Logger } from '@sophy/telemetry/logger';
import { SerialTasks } from './serial-tasks.ts';

type Writer = Awaited<ReturnType<LocalParticipant['streamText']>>;

export class Captions {
  readonly #participant: LocalParticipant;
  readonly #agentTrackId: string;
  readonly #tasks: SerialTasks;
  #reply: { readonly segmentId: string; readonly writer: Writer; isEmpty: boolean } | undefined;

  constructor(options: { participant: LocalParticipant; agentTrackId: string; logger: Logger }) {
    this.#participant = options.participant;
    this.#agentTrackId = options.agentTrackId;
    this.#tasks = new SerialTasks((error) => options.logger.warn({ error }, 'caption not sent'));
  }

  /** What a human said so far (`isFinal` false) or said (`isFinal` true). */
  human(caption: {
    identity: string;
    trackId: string | undefined;
    segmentId: string;
    text: string;
    isFinal: boolean;
  }): void {
    this.#tasks.run(async () => {
      const writer = await this.#participant.streamText({
        topic: transcriptionTopic,
        senderIdentity: caption.identity,
        attributes: {
          [segmentIdAttribute]: caption.segmentId,
          [transcriptionFinalAttribute]: String(caption.isFinal),
          ...(caption.trackId === undefined ? {} : { [transcribedTrackIdAttribute]: caption.trackId }),
        },
      });
      await writer.write(caption.text);
      await writer.close();
    });
  }

  /** The next piece of a reply. */
  reply(segmentId: string, text: string): void {
    this.#tasks.run(async () => {
      if (this.#reply?.segmentId !== segmentId) {
        await this.#closeReply();
        const writer = await this.#participant.streamText({
          topic: transcriptionTopic,
          attributes: {
            [segmentIdAttribute]: segmentId,
            [transcriptionFinalAttribute]: 'false',
            [transcribedTrackIdAttribute]: this.#agentTrackId,
          },
        });
        this.#reply = { segmentId, writer, isEmpty: true };
      }
      await this.#reply.writer.write(this.#reply.isEmpty ? text : ` ${text}`);
      this.#reply.isEmpty = false;
    });
  }

  /** The reply is over: the end of its stream makes its caption final. */
  endReply(segmentId: string): void {
    this.#tasks.run(async () => {
      if (this.#reply?.segmentId === segmentId) await this.#closeReply();
    });
  }

  async close(): Promise<void> {
    this.#tasks.run(() => this.#closeReply());
    await this.#tasks.idle();
  }

  async #closeReply(): Promise<void> {
    const reply = this.#reply;
    this.#reply = undefined;
    await reply?.writer.close();
  }
}
