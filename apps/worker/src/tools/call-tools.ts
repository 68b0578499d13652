/** The tools of one call: offers them to replies, keeps the ledger of their effects, runs them. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReplyId, SpeakerId } from '@sophy/contracts/ids';
import type { JobMetadata } from '@sophy/contracts/job-metadata';
import type { JournalEvent } from '@sophy/contracts/journal-event';
import { confirms } from '@sophy/conversation/confirms';
import { type Effect, type EffectProposal, isSettled } from '@sophy/conversation/effect';
import {
  decideEffects,
  type EffectCommand,
  type EffectEvent,
  type EffectLedger,
  emptyLedger,
} from '@sophy/conversation/effect-ledger';
import type { Turn } from '@sophy/conversation/turn-event';
import type { Database } from '@sophy/db/database';
import type { Logger } from '@sophy/telemetry/logger';
import type { WorkerMetrics } from '@sophy/telemetry/metrics';
import { EffectStore } from './effect-store.ts';
import { ReplyTools } from './reply-tools.ts';
import type { Tool, ToolResult } from './tool.ts';

export type CallToolsOptions = {
  readonly tools: readonly Tool[];
  readonly database: Database;
  readonly job: JobMetadata;
  readonly journal: (event: JournalEvent) => void;
  readonly metrics: Pick<WorkerMetrics, 'effects'>;
  readonly logger: Logger;
  /** Room clock, ms. */
  readonly now: () => number;
  /** Names that the agent is called by: "Sophy, yes" is a yes. */
  readonly names: () => readonly string[];
  /** Name of a person who is or was in the room. */
  readonly nameOf: (speaker: SpeakerId) => string;
};

/** A call that asks for more has gone wrong. */
const mostRuns = 60;
/** Between two runs of an effect whose outcome was not learnt, ms; times the number of runs. */
const againMs = 300;
/** Effects that a reply is told of: the latest. */
const toldEffects = 8;

export class CallTools {
  readonly #options: CallToolsOptions;
  readonly #store: EffectStore;
  readonly #running = new Set<Promise<void>>();
  readonly #waiting = new Set<() => void>();
  readonly #closing = new AbortController();
  readonly #givenUp = new Promise<undefined>((resolve) => {
    this.#closing.signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  readonly #recovered = Promise.withResolvers<void>();
  #takingUp: Promise<void> | undefined;
  #ledger: EffectLedger = emptyLedger;
  #runs = 0;

  constructor(options: CallToolsOptions) {
    const { database, job, logger } = options;
    this.#options = options;
    this.#store = new EffectStore({ database, job, logger });
  }

  /**
   * Takes up what earlier agents of the call have left undone. To be called when this agent has the call: until then no
   * reply uses a tool.
   */
  takeUp(): void {
    this.#takingUp ??= this.#recover();
  }

  /** Something is being done in the world: the call is better not given away just now. */
  get isBusy(): boolean {
    return [...this.#ledger.effects.values()].some(({ state }) => state === 'armed' || state === 'executing');
  }

  /** What the reply to a turn may use. */
  forReply(replyId: ReplyId, turn: Turn): ReplyTools {
    const { tools, job, logger } = this.#options;
    return new ReplyTools({
      tools,
      job,
      replyId,
      turn,
      isYes: confirms(turn.text, this.#options.names()) === 'yes',
      newId: randomUUID,
      recovered: this.#recovered.promise,
      ledger: () => this.#ledger,
      until: (check, signal) => this.#until(check, signal),
      propose: (proposal) => this.#propose(proposal),
      told: (effectId) => this.#post({ type: 'told', effectId, replyId }),
      recent: () => this.#recent(turn),
      lookUp: (tool, order, signal) => this.#lookUp(tool, { ...order, turn, replyId }, signal),
      logger,
    });
  }

  /** A turn is over, answered or not. Comes before its reply is started. */
  turn({ turnId, speaker, text }: Turn): void {
    const confirmation = confirms(text, this.#options.names());
    this.#post({ type: 'turn-committed', turnId, speaker, confirmation, atMs: this.#options.now() });
  }

  replyStarted(replyId: ReplyId, { turnId }: Turn): void {
    this.#post({ type: 'reply-started', replyId, turnId });
  }

  replyDiscarded(replyId: ReplyId): void {
    this.#post({ type: 'reply-discarded', replyId });
  }

  replyEnded(replyId: ReplyId, wasHeard: boolean): void {
    this.#post({ type: 'reply-ended', replyId, wasHeard, atMs: this.#options.now() });
  }

  /** Lets runs under way end and outcomes be written, for at most `limitMs`; what is left is the next agent's. */
  async close(limitMs: number): Promise<void> {
    const startedMs = performance.now();
    const limit = new AbortController();
    const isOver = sleep(limitMs, true, { signal: limit.signal }).catch(() => true);
    while (this.#running.size > 0)
      if (await Promise.race([Promise.all(this.#running).then(() => false), isOver])) break;
    limit.abort();
    this.#closing.abort();
    await Promise.all(this.#running);
    const unwritten = await this.#store.close(Math.max(0, limitMs - (performance.now() - startedMs)));
    if (unwritten > 0) this.#options.logger.error({ unwritten }, 'outcomes of tools were not stored in time');
    await this.#takingUp;
  }

  async #recover(): Promise<void> {
    const effects = this.#options.job.epoch === 1 ? [] : await this.#store.take();
    if (!this.#closing.signal.aborted) this.#post({ type: 'recovered', effects });
    this.#recovered.resolve();
  }

  #propose(proposal: EffectProposal): boolean {
    if (this.#runs >= mostRuns) return false;
    this.#runs += 1;
    this.#post({ type: 'proposed', proposal });
    return true;
  }

  /** Everything about effects goes through here, one event after the other. */
  #post(event: EffectEvent): void {
    const { ledger, commands } = decideEffects(this.#ledger, event);
    this.#ledger = ledger;
    for (const command of commands) this.#carryOut(command);
    for (const look of [...this.#waiting]) look();
  }

  #carryOut(command: EffectCommand): void {
    const { effect } = command;
    switch (command.type) {
      case 'note':
        this.#note(effect);
        return;
      case 'store-outcome':
        this.#store.settle(effect);
        return;
      case 'store-armed':
        this.#own(this.#arm(effect));
        return;
      case 'store-executing':
        this.#own(this.#begin(effect));
        return;
      case 'run':
        this.#own(this.#run(effect));
        return;
      default:
        command satisfies never;
    }
  }

  async #arm(effect: Effect): Promise<void> {
    const { effectId } = effect;
    const answer = await this.#store.arm(effect);
    if (answer === 'stored') this.#post({ type: 'armed-stored', effectId });
    else this.#post({ type: 'not-stored', effectId, reason: answer });
  }

  async #begin(effect: Effect): Promise<void> {
    const { effectId } = effect;
    const answer = await this.#store.begin(effect);
    if (answer === 'stored') this.#post({ type: 'executing-stored', effectId });
    else this.#post({ type: 'not-stored', effectId, reason: answer });
  }

  async #run(effect: Effect): Promise<void> {
    const { effectId, tool: name, speaker, argumentsJson, idempotencyKey, attempts } = effect;
    const { tools, nameOf } = this.#options;
    if (attempts > 1) await this.#pause(againMs * attempts);
    const tool = tools.find((one) => one.name === name);
    const order = { argumentsJson, idempotencyKey, speaker: { identity: speaker, name: nameOf(speaker) } };
    const { signal } = this.#closing;
    const result: ToolResult | undefined =
      tool === undefined
        ? { outcome: 'unknown', result: 'the tool is no longer there' }
        : await Promise.race([tool.run(order, signal), this.#givenUp]);
    // What this agent gives up is left as begun: the next one knows whether it may ask again.
    if (result !== undefined && !signal.aborted) this.#post({ type: 'ran', effectId, ...result });
  }

  async #lookUp(
    tool: Tool,
    order: {
      readonly argumentsJson: string;
      readonly key: string;
      readonly turn: Turn;
      readonly replyId: ReplyId;
    },
    signal: AbortSignal,
  ): Promise<ToolResult> {
    if (this.#runs >= mostRuns) return { outcome: 'failed', result: 'too many tool calls in this call' };
    this.#runs += 1;
    const { argumentsJson, key, turn, replyId } = order;
    const speaker = { identity: turn.speaker, name: turn.name };
    const result = await tool.run({ argumentsJson, idempotencyKey: key, speaker }, signal);
    const state = result.outcome === 'done' ? 'executed' : 'failed';
    if (!signal.aborted)
      this.#options.journal({
        type: 'effect',
        turnId: turn.turnId,
        replyId,
        effectId: key,
        tool: tool.name,
        state,
      });
    this.#options.metrics.effects.inc({ tool: tool.name, outcome: state });
    return result;
  }

  /** Effects that a reply to this turn should know of, oldest first. */
  #recent({ turnId }: Turn): readonly Effect[] {
    return [...this.#ledger.effects.values()]
      .filter(
        (effect) =>
          effect.state !== 'discarded' &&
          (effect.state !== 'proposed' || (effect.gate === 'confirmed' && effect.turnId !== turnId)),
      )
      .slice(-toldEffects);
  }

  /** Resolves with the first value of `check` after any event; rejects when the signal aborts. */
  #until<T>(check: () => T | undefined, signal: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const end = (): void => {
        this.#waiting.delete(look);
        signal.removeEventListener('abort', abort);
      };
      const look = (): void => {
        const value = check();
        if (value === undefined) return;
        end();
        resolve(value);
      };
      const abort = (): void => {
        end();
        reject(signal.reason);
      };
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      signal.addEventListener('abort', abort);
      this.#waiting.add(look);
      look();
    });
  }

  #note(effect: Effect): void {
    const { effectId, turnId, replyId, tool, state } = effect;
    this.#options.journal({ type: 'effect', effectId, turnId, replyId, tool, state });
    if (isSettled(effect)) this.#options.metrics.effects.inc({ tool, outcome: state });
    this.#options.logger.info({ effectId, tool, state }, 'effect');
  }

  #own(work: Promise<void>): void {
    const owned = work
      .catch((error: unknown) => this.#options.logger.error({ error }, 'a step of a tool failed'))
      .finally(() => this.#running.delete(owned));
    this.#running.add(owned);
  }

  async #pause(waitMs: number): Promise<void> {
    try {
      await sleep(waitMs, undefined, { signal: this.#closing.signal });
    } catch {
      // Closing ends the pause early.
    }
  }
}
