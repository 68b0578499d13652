/** `/api/engines`, `/api/tts/*`, `/api/ollama/*`, `/api/openrouter/*`. */
import { z } from 'zod';
import { boundedText } from './text.ts';

/** US dollars, as the price table has it. Free: nothing is charged. */
const enginePriceSchema = z.object({
  unit: z.enum(['audio-minute', 'million-tokens', 'million-characters', 'free']),
  /** Of one unit; null where prompt and completion have prices of their own. */
  usd: z.number().nullable(),
  prompt_usd: z.number().nullable(),
  completion_usd: z.number().nullable(),
  /** Page that says so, and when it did; empty: nobody. */
  source: z.string(),
  as_of: z.string(),
  note: z.string(),
});

const engineFields = {
  id: z.string(),
  name: z.string(),
  self_hosted: z.boolean(),
  /** Nothing that it needs is missing in the settings; whether it answers is what the test says. */
  available: z.boolean(),
  /** Which setting is missing, as a sentence; empty: none. */
  missing: z.string(),
  /** Keys of the settings that it is opened with. */
  settings: z.array(z.string()),
  /** 0: the chosen one; 1 and up: its place among those that take over; null: not in use. */
  position: z.number().int().nullable(),
  /** Empty: the default of the server. */
  model: z.string(),
  lists_models: z.boolean(),
  /** Null: unknown, which is not free. */
  price: enginePriceSchema.nullable(),
  /** `open`: calls leave it out until it is well again; null: this API cannot know (it needs REDIS_URL). */
  breaker: z.enum(['open', 'closed']).nullable(),
} as const;
/** Codes such as `it`; null: it depends on the model. */
const spokenLanguages = z.array(z.string()).nullable();

const sttEngineSchema = z.object({
  ...engineFields,
  capabilities: z.object({
    streaming: z.boolean(),
    interim_results: z.boolean(),
    word_times: z.boolean(),
    detects_language: z.boolean(),
    languages: spokenLanguages,
    sample_rate_hz: z.number(),
  }),
});
const llmEngineSchema = z.object({
  ...engineFields,
  capabilities: z.object({ streaming: z.boolean(), tools: z.boolean() }),
});
const ttsEngineSchema = z.object({
  ...engineFields,
  capabilities: z.object({
    streaming: z.boolean(),
    word_times: z.boolean(),
    languages: spokenLanguages,
    sample_rate_hz: z.number(),
    markup: z.string(),
    /** Null: it cannot change it. */
    speed: z.object({ min: z.number(), max: z.number() }).nullable(),
  }),
});

/** `GET /api/engines`: every engine that can be chosen. */
export const enginesResponseSchema = z.object({
  stt: z.array(sttEngineSchema),
  llm: z.array(llmEngineSchema),
  tts: z.array(ttsEngineSchema),
});
export type EnginesResponse = z.infer<typeof enginesResponseSchema>;

/** `GET /api/engines/{stage}/{engine}/models`; empty where the engine has no list. */
export const engineModelsResponseSchema = z.object({
  models: z.array(z.object({ id: z.string(), name: z.string() })),
});

/** `POST /api/engines/{stage}/{engine}/test`. */
export const engineTestResponseSchema = z.object({
  ok: z.boolean(),
  /** Until the first piece of the answer, or until the failure. */
  took_ms: z.number().int(),
  /** What it heard (stt); null where nothing was said to it. */
  words: z.string().nullable(),
  /** One sentence: what it did, or what is wrong and what to do. */
  message: z.string(),
});

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
  /** What the process may use (`ENGINES_MEMORY_MB`) and uses, megabytes; absent in older engines. */
  memory: z
    .object({ limit_mb: z.number(), used_mb: z.number(), is_short: z.boolean(), message: z.string() })
    .optional(),
});
export type EnginesReadiness = z.infer<typeof enginesReadinessSchema>;

/** What a model of the local engines is up to. `installable`: it is not there, and a download would bring it. */
export const localModelStates = ['loaded', 'installed', 'installable', 'downloading', 'failed'] as const;

/** One entry of `GET /v1/models` of the local engines: OpenAI's fields, and what an operator needs to choose. */
export const localModelSchema = z.object({
  id: z.string(),
  object: z.literal('model'),
  /** Seconds since 1970. */
  created: z.number().int(),
  owned_by: z.string(),
  kind: z.enum(['stt', 'tts', 'llm']),
  title: z.string(),
  license: z.string(),
  /** Codes such as `it`; empty: it depends on the model's training and is not limited here. */
  languages: z.array(z.string()),
  /** It serves requests that name no model of this kind. */
  is_default: z.boolean(),
  /** It hears live streams and no files; absent: it hears files, or it is no recognizer. */
  is_streaming: z.boolean().optional(),
  state: z.enum(localModelStates),
  /** On disk when it is installed, of the download when it is not, bytes. */
  bytes: z.number().int(),
  /** Where it can be had, in the order to try. */
  sources: z.array(z.enum(['hub', 'mirror', 'package'])),
  /** Of a download under way or that failed; null otherwise. */
  download: z
    .object({
      phase: z.string(),
      received_bytes: z.number().int(),
      total_bytes: z.number().int().nullable(),
      /** Why it failed and what to do; empty while it goes well. */
      message: z.string(),
    })
    .nullable(),
});
export type LocalModel = z.infer<typeof localModelSchema>;
export const localModelsResponseSchema = z.object({
  object: z.literal('list'),
  data: z.array(localModelSchema),
});
