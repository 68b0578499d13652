/**
 * Private words between one person and the agent: asked in writing, answered in writing, to that person alone.
 * They are kept in memory for this person's next private question, and nowhere else.
 */
import type { LocalParticipant } from '@livekit/rtc-node';
import type { SpeakerId } from '@sophy/contracts/ids';
import { privateTopic, segmentIdAttribute } from '@sophy/contracts/room-messages';
import {
  assembleContext,
  type ContextMessage,
  type ContextRequest,
} from '@sophy/conversation/assemble-context';
import type { LlmPort } from '@sophy/conversation/llm-port';
import type { ProviderError } from '@sophy/conversation/provider-error';
import { providerFailure } from '@sophy/conversation/provider-failure';
import { phrase } from '@sophy/conversation/speech/phrases';
import type { SpokenLanguage } from '@sophy/conversation/speech/spoken-language';
import type { TurnCommand } from '@sophy/conversation/turn-command';
import type { Logger } from '@sophy/telemetry/logger';
import { SerialTasks } from './serial-tasks.ts';

type PrivateOrder = Extract<TurnCommand, { type: 'start-private-reply' }>;

export type PrivateRepliesOptions = {
  readonly participant: LocalParticipant;
  /** Persona, public history and engine as they are now. */
  readonly inputs: (order: PrivateOrder) => {
    readonly settings: ContextRequest['settings'];
    readonly history: readonly ContextMessage[];
    readonly llm: LlmPort;
    readonly language: SpokenLanguage;
  };
  readonly onAnswered: (order: PrivateOrder) => void;
  readonly onEngineFailure: (error: ProviderError) => void;
  readonly logger: Logger;
};

/** Read, not heard: it may be longer than a spoken answer. */
const maxTokens = 600;
/** Messages of a private exchange that the next answer sees. */
const rememberedMessages = 40;

type Exchange = { readonly tasks: SerialTasks; history: readonly ContextMessage[] };

export class PrivateReplies {
  readonly #options: PrivateRepliesOptions;
  readonly #exchanges = new Map<SpeakerId, Exchange>();
  readonly #leaving = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(options: PrivateRepliesOptions) {
    this.#options = options;
  }

  /** Answers one question after the other of each person; different people do not wait for each other. */
  answer(order: PrivateOrder): void {
    const { speaker } = order.turn;
    const exchange = this.#exchanges.get(speaker) ?? {
      tasks: new SerialTasks((error) => this.#options.logger.warn({ error }, 'private answer not sent')),
      history: [],
    };
    this.#exchanges.set(speaker, exchange);
    exchange.tasks.run(() => this.#answer(order, exchange));
  }

  /** The person has gone, and their words with them. */
  forget(speaker: SpeakerId): void {
    const exchange = this.#exchanges.get(speaker);
    if (exchange === undefined) return;
    this.#exchanges.delete(speaker);
    const left = exchange.tasks.idle().finally(() => this.#leaving.delete(left));
    this.#leaving.add(left);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#leaving, ...[...this.#exchanges.values()].map(({ tasks }) => tasks.idle())]);
  }

  async #answer(order: PrivateOrder, exchange: Exchange): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const { replyId, turn } = order;
    const { settings, history, llm, language } = this.#options.inputs(order);
    const messages = assembleContext({
      settings,
      history: [...history, ...exchange.history],
      turn,
      severalHumans: false,
      language,
    });
    const writer = await this.#options.participant.streamText({
      topic: privateTopic,
      destinationIdentities: [turn.speaker],
      attributes: { [segmentIdAttribute]: replyId },
    });
    let answer = '';
    try {
      for await (const event of llm.stream({ messages, maxTokens }, { signal: this.#closing.signal })) {
        if (event.type !== 'text' || event.text === '') continue;
        answer += event.text;
        await writer.write(event.text);
      }
    } catch (error) {
      if (!this.#closing.signal.aborted) {
        this.#options.onEngineFailure(providerFailure(error, 'llm', llm.label));
        const sorry = phrase('apology', language);
        await writer.write(answer === '' ? sorry : ` … ${sorry}`);
      }
    } finally {
      await writer.close();
    }
    exchange.history = [
      ...exchange.history,
      { role: 'user' as const, content: turn.text, speaker: turn.name },
      { role: 'assistant' as const, content: answer, speaker: null },
    ].slice(-rememberedMessages);
    this.#options.onAnswered(order);
  }
}
