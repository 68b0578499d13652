/** `/api/tts/*`, `/api/ollama/*`, `/api/openrouter/*`. */
import { z } from 'zod';
import { boundedText } from './text.ts';

export const ttsEnginesResponseSchema = z.object({
  engines: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      self_hosted: z.boolean(),
      description: z.string(),
      available: z.boolean(),
    }),
  ),
  default: z.string(),
});
export const voiceSchema = z.object({
  id: z.string(),
  name: z.string(),
  gender: z.string(),
  locale: z.string(),
});
export type Voice = z.infer<typeof voiceSchema>;
export const ttsVoicesResponseSchema = z.object({ engine: z.string(), voices: z.array(voiceSchema) });
export const ttsCurrentSchema = z.object({
  engine: z.string(),
  language: z.string(),
  voice: z.string(),
  speaker: z.string(),
  speed: z.number(),
});
export const ttsTestRequestSchema = z.object({
  text: boundedText(500).min(1),
  engine: z.string().max(50).optional(),
  voice: boundedText(200).optional(),
  language: z.string().max(10).optional(),
  speed: z.number().min(0.5).max(2).optional(),
});

export const ollamaModelsResponseSchema = z.object({
  models: z.array(z.object({ id: z.string(), name: z.string(), size: z.number(), modified_at: z.string() })),
  host: z.string(),
});
export const modelSelectRequestSchema = z.object({ model: boundedText(200).min(1) });
export const modelSelectResponseSchema = z.object({
  status: z.literal('ok'),
  model: z.string(),
  provider: z.string(),
});

export const openrouterModelsQuerySchema = z.object({
  search: boundedText(200).optional(),
  sort_by: z.enum(['name', 'cost', 'cost_desc', 'context', 'vision', 'tools']).default('name'),
});
export const openrouterModelSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  context_length: z.number(),
  /** US dollars per token; null when the service does not say. */
  prompt_cost: z.number().nullable(),
  completion_cost: z.number().nullable(),
  total_cost: z.number().nullable(),
  supports_vision: z.boolean(),
  supports_tools: z.boolean(),
  supports_json_mode: z.boolean(),
});
export const openrouterModelsResponseSchema = z.object({
  models: z.array(openrouterModelSchema),
  count: z.number().int(),
});
export const openrouterKeyRequestSchema = z.object({ api_key: boundedText(500).min(1) });

/** `GET /readyz` of the local engines: each stage says for itself whether it can serve, and with what. */
export const engineStageSchema = z.object({ ready: z.boolean(), model: z.string(), message: z.string() });
export const enginesReadinessSchema = z.object({
  ready: z.boolean(),
  stt: engineStageSchema,
  tts: engineStageSchema.extend({ voices: z.array(voiceSchema) }),
  /** `demo` is true for the tiny base model that only shows that the chain works. */
  llm: engineStageSchema.extend({ demo: z.boolean() }),
});
export type EnginesReadiness = z.infer<typeof enginesReadinessSchema>;
