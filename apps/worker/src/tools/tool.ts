/** A tool as a call uses it, whoever provides it. */
import type { EffectGate } from '@sophy/conversation/effect';

/** What one run of a tool is given. */
export type ToolOrder = {
  /** Text of a JSON object that fits the tool's parameters. */
  readonly argumentsJson: string;
  readonly idempotencyKey: string;
  readonly speaker: { readonly identity: string; readonly name: string };
};

/**
 * `done`: it answered so. `failed`: it was certainly not done. `unknown`: it may have been.
 * `result` is data for the model, capped; of a failure a short reason.
 */
export type ToolResult = { readonly outcome: 'done' | 'failed' | 'unknown'; readonly result: string };

export type Tool = {
  readonly name: string;
  readonly description: string;
  /** JSON schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What it does to the world: nothing, or something that must happen once. */
  readonly kind:
    | { readonly type: 'lookup'; readonly duringPreparation: boolean }
    | { readonly type: 'effect'; readonly gate: EffectGate; readonly isRepeatable: boolean };
  /** Whether the model is told of it now; left out: always. */
  isOffered?(): boolean;
  /** What is wrong with arguments, for the model; undefined: nothing. */
  check(given: unknown): string | undefined;
  /** Never rejects for anything that its provider does. */
  run(order: ToolOrder, signal: AbortSignal): Promise<ToolResult>;
};
