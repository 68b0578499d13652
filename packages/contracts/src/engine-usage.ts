/** What one request to an engine used of it: the amounts that its owner bills. */
import { z } from 'zod';

export const engineStages = ['stt', 'llm', 'tts'] as const;
export type EngineStage = (typeof engineStages)[number];

const amount = z.number().nonnegative();

/**
 * One request to an engine, reported once when it is over: also one that lost a race, failed or was tried again, since
 * it costs too. A stream of sound is reported in parts, as it goes. An amount that is missing is not known; 0 is none.
 */
export const engineUsageSchema = z.object({
  stage: z.enum(engineStages),
  engine: z.string(),
  /** Empty: the default of the server. */
  model: z.string(),
  /** Host of the service; left out where nobody knows it. `openai` is any server that speaks its language. */
  host: z.string().optional(),
  /** Audio heard (stt) or spoken (tts), ms. */
  audioMs: amount.optional(),
  /** All tokens of the prompt, those from a cache included. */
  promptTokens: amount.optional(),
  /** The part of `promptTokens` that came from a cache of the engine. */
  cachedPromptTokens: amount.optional(),
  completionTokens: amount.optional(),
  /** Characters of the text that was spoken. */
  characters: amount.optional(),
  /** True where the engine did not say and the amounts were counted here. */
  isEstimated: z.boolean(),
  outcome: z.enum(['complete', 'cut', 'failed']),
});
export type EngineUsage = Readonly<z.infer<typeof engineUsageSchema>>;
