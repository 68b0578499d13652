/** How the agent shows itself in the room: state, reason and brain as attributes, notices as data packets. */
import type { LocalParticipant } from '@livekit/rtc-node';
import {
  type AgentState,
  agentBrainAttribute,
  agentReasonAttribute,
  agentStateAttribute,
  handOverTopic,
  noticeTopic,
  type RoomNotice,
  standbyState,
} from '@sophy/contracts/room-messages';
import type { Logger } from '@sophy/telemetry/logger';
import { SerialTasks } from './serial-tasks.ts';

export class AgentPresence {
  readonly #participant: LocalParticipant;
  readonly #attributes: SerialTasks;
  readonly #notices: SerialTasks;
  readonly #encoder = new TextEncoder();

  constructor(options: { participant: LocalParticipant; logger: Logger }) {
    this.#participant = options.participant;
    this.#attributes = new SerialTasks((error) => options.logger.warn({ error }, 'agent state not shown'));
    this.#notices = new SerialTasks((error) => options.logger.warn({ error }, 'notice not sent'));
  }

  state(state: AgentState, reason: string): void {
    this.#set({ [agentStateAttribute]: state, [agentReasonAttribute]: reason });
  }

  /** Another agent has the call; this one is not to be seen. */
  standby(): void {
    this.#set({ [agentStateAttribute]: standbyState });
  }

  /** Tells the successor to look whether it has the call. */
  handOver(identity: string): void {
    const data = new Uint8Array();
    this.#notices.run(() =>
      this.#participant.publishData(data, {
        reliable: true,
        topic: handOverTopic,
        destination_identities: [identity],
      }),
    );
  }

  /** The name that people see and call. */
  name(name: string): void {
    this.#attributes.run(() => this.#participant.updateName(name));
  }

  /** Name of the language model as people should see it. */
  brain(label: string): void {
    this.#set({ [agentBrainAttribute]: label });
  }

  notice(notice: RoomNotice): void {
    const data = this.#encoder.encode(JSON.stringify(notice));
    this.#notices.run(() => this.#participant.publishData(data, { reliable: true, topic: noticeTopic }));
  }

  async idle(): Promise<void> {
    await Promise.all([this.#attributes.idle(), this.#notices.idle()]);
  }

  /** One after the other, none left out: people follow the agent by its states. */
  #set(attributes: Record<string, string>): void {
    this.#attributes.run(() => this.#participant.setAttributes(attributes));
  }
}
