/** The tools as one reply sees them: what is offered, what earlier calls gave, and making a call. */
import type { ReplyId } from '@sophy/contracts/ids';
import type { JobMetadata } from '@sophy/contracts/job-metadata';
import { type Effect, type EffectProposal, isSettled } from '@sophy/conversation/effect';
import { type EffectLedger, standingEffect } from '@sophy/conversation/effect-ledger';
import type { LlmTool, LlmToolCall } from '@sophy/conversation/llm-port';
import type { Turn } from '@sophy/conversation/turn-event';
import type { Logger } from '@sophy/telemetry/logger';
import { idempotencyKey } from './idempotency-key.ts';
import type { Tool, ToolResult } from './tool.ts';
import { doneWords, effectWords, failedWords, wrongCallWords } from './tool-words.ts';

export type ReplyToolsOptions = {
  readonly tools: readonly Tool[];
  readonly job: Pick<JobMetadata, 'callId' | 'epoch'>;
  readonly replyId: ReplyId;
  readonly turn: Turn;
  /** The turn says yes to whatever was asked. */
  readonly isYes: boolean;
  readonly newId: () => string;
  /** Resolves when what earlier agents have left is in the ledger. */
  readonly recovered: Promise<void>;
  readonly ledger: () => EffectLedger;
  /** Resolves with the first value of `check`; rejects when the signal aborts. */
  readonly until: <T>(check: () => T | undefined, signal: AbortSignal) => Promise<T>;
  /** False: the call has used up its tools. */
  readonly propose: (proposal: EffectProposal) => boolean;
  readonly told: (effectId: string) => void;
  /** Effects of the call that the reply should know of, oldest first. */
  readonly recent: () => readonly Effect[];
  readonly lookUp: (
    tool: Tool,
    order: { readonly argumentsJson: string; readonly key: string },
    signal: AbortSignal,
  ) => Promise<ToolResult>;
  readonly logger: Logger;
};

/** A call and what the model is to read about it. */
export type ToolExchange = { readonly call: LlmToolCall; readonly content: string };

export type CallOutcome = {
  readonly content: string;
  /** What is left to say is a goodbye: where it has been said with the call, the answer is over. */
  readonly isFarewell: boolean;
};

/** A person waits meanwhile, ms. */
const recoveredWithinMs = 1_000;

export class ReplyTools {
  readonly #options: ReplyToolsOptions;

  constructor(options: ReplyToolsOptions) {
    this.#options = options;
  }

  get offered(): readonly LlmTool[] {
    const offered = this.#options.tools.filter((tool) => tool.isOffered?.() ?? true);
    return offered.map(({ name, description, parameters }) => ({
      name,
      description,
      parameters,
    }));
  }

  /** Resolves once the reply is started: from then on somebody is waiting for it. */
  async started(signal: AbortSignal): Promise<void> {
    const { ledger, replyId, until } = this.#options;
    await until(() => (ledger().replies.get(replyId) === 'started' ? true : undefined), signal);
  }

  /**
   * What tools gave earlier in the call. Waits for what this very turn has said yes to, and for what an earlier agent
   * has begun for it.
   */
  async earlier(signal: AbortSignal): Promise<readonly ToolExchange[]> {
    const { recovered, recent, until, ledger, turn, told, job, isYes } = this.#options;
    if (!(await isInTime(recovered))) return [];
    const isAskedOfThisTurn = (effect: Effect): boolean =>
      effect.state === 'proposed' && effect.speaker === turn.speaker && effect.askedAtMs !== undefined;
    const awaited = recent().filter(
      (effect) =>
        (isYes && isAskedOfThisTurn(effect)) ||
        effect.confirmedBy === turn.turnId ||
        (effect.turnId === turn.turnId && effect.epoch < job.epoch && !isSettled(effect)),
    );
    for (const { effectId } of awaited) await until(() => settled(ledger(), effectId), signal);
    return recent().map((effect) => {
      const { effectId: callId, tool: name, argumentsJson } = effect;
      if (isSettled(effect)) told(callId);
      // Asked for a yes, and this turn is none: it will be refused as soon as the turn is over.
      const shown = isAskedOfThisTurn(effect) ? { ...effect, state: 'refused' as const } : effect;
      return { call: { callId, name, argumentsJson }, content: effectWords(shown) };
    });
  }

  /** Carries out one call of the model, or says why not. Rejects when the signal aborts. */
  async call(call: LlmToolCall, signal: AbortSignal): Promise<CallOutcome> {
    const { tools, turn, job, logger } = this.#options;
    const tool = tools.find(({ name }) => name === call.name);
    if (tool === undefined) return said(wrongCallWords(`there is no tool ${JSON.stringify(call.name)}`));
    const read = readArguments(call.argumentsJson);
    const problem = 'problem' in read ? read.problem : tool.check(read.given);
    if ('problem' in read || problem !== undefined) {
      logger.warn({ tool: tool.name, turnId: turn.turnId }, 'the model called a tool with wrong arguments');
      return said(wrongCallWords(problem ?? ''));
    }
    const { given } = read;
    const wish = { callId: job.callId, turnId: turn.turnId, tool: tool.name, given };
    const order = { argumentsJson: JSON.stringify(given), key: idempotencyKey(wish) };
    if (tool.kind.type === 'effect') return this.#effect(tool, tool.kind, order, signal);
    if (!tool.kind.duringPreparation) await this.started(signal);
    const { outcome, result } = await this.#options.lookUp(tool, order, signal);
    return said(outcome === 'done' ? doneWords(result) : failedWords(result));
  }

  async #effect(
    tool: Tool,
    kind: Extract<Tool['kind'], { type: 'effect' }>,
    order: { readonly argumentsJson: string; readonly key: string },
    signal: AbortSignal,
  ): Promise<CallOutcome> {
    const { job, turn, replyId, newId, ledger, propose, until, told, recovered } = this.#options;
    // What an earlier agent has begun must be known first, or it might be begun again.
    if (!(await isInTime(recovered)))
      return said(effectWords({ state: 'failed', gate: kind.gate, result: '' }));
    const proposal: EffectProposal = {
      effectId: newId(),
      idempotencyKey: order.key,
      epoch: job.epoch,
      turnId: turn.turnId,
      replyId,
      speaker: turn.speaker,
      tool: tool.name,
      argumentsJson: order.argumentsJson,
      gate: kind.gate,
      isRepeatable: kind.isRepeatable,
    };
    const standing = standingEffect(ledger(), proposal);
    if (standing === undefined && !propose(proposal))
      return said(failedWords('too many tool calls in this call'));
    const effectId = standing?.effectId ?? proposal.effectId;
    const effect = await until(() => {
      const now = ledger().effects.get(effectId);
      const isWaiting = now?.state === 'proposed' && now.gate !== 'started';
      return isWaiting ? now : settled(ledger(), effectId);
    }, signal);
    if (isSettled(effect)) told(effectId);
    return { content: effectWords(effect), isFarewell: effect.gate === 'heard' && !isSettled(effect) };
  }
}

/** Whether the database has told in time what earlier agents left; while it is away, people are answered all the same. */
async function isInTime(recovered: Promise<void>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), recoveredWithinMs);
  });
  const answer = await Promise.race([recovered.then(() => true), isLate]);
  clearTimeout(timer);
  return answer;
}

function said(content: string): CallOutcome {
  return { content, isFarewell: false };
}

function settled(ledger: EffectLedger, effectId: string): Effect | undefined {
  const effect = ledger.effects.get(effectId);
  return effect !== undefined && isSettled(effect) ? effect : undefined;
}

/** A model sends text: nothing, JSON, or nearly JSON. */
function readArguments(
  text: string,
): { readonly given: Readonly<Record<string, unknown>> } | { readonly problem: string } {
  let given: unknown;
  try {
    given = JSON.parse(text.trim() === '' ? '{}' : text);
  } catch {
    return { problem: 'the arguments are not valid JSON' };
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return { problem: 'the arguments must be one JSON object' };
  return { given: { ...given } };
}
