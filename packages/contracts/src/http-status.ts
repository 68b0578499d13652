/** `/api/health`, `/api/status`, `/api/config`, `/api/timing`. */
import { z } from 'zod';
import { callIdSchema } from './ids.ts';
import { timingEventSchema } from './journal-event.ts';

export const healthResponseSchema = z.object({
  status: z.literal('ok'),
  service: z.literal('voice-agent'),
  https: z.boolean(),
});

export const partStatusSchema = z.object({ available: z.boolean(), message: z.string() });
export type PartStatus = z.infer<typeof partStatusSchema>;

/** Every part is probed when asked; `message` says what is wrong and what to do. */
export const statusResponseSchema = z.object({
  livekit: partStatusSchema,
  ollama: partStatusSchema,
  agent: partStatusSchema,
  whisper: partStatusSchema,
  sip: partStatusSchema,
  tts: partStatusSchema,
  llm: partStatusSchema,
  database: partStatusSchema,
  redis: partStatusSchema,
  /** True when everything that a call needs is available (Ollama, SIP and Redis are optional). */
  all_ready: z.boolean(),
});
export type StatusResponse = z.infer<typeof statusResponseSchema>;

export const configResponseSchema = z.object({
  livekit_url: z.string(),
  livekit_url_configured: z.boolean(),
  server_ip: z.string(),
  default_tts: z.string(),
  whisper_model: z.string(),
  ollama_model: z.string(),
  llm_provider: z.string(),
  /** Name of the brain as people should see it, e.g. `demo brain`. */
  brain: z.string(),
  agent_name: z.string(),
  ui_language: z.enum(['en', 'it']),
  /** Whether a password is asked before settings and chats, and whether this request carries a valid session. */
  login_required: z.boolean(),
  logged_in: z.boolean(),
  /** Port of the https page, null when there is none; phones need it for the microphone. */
  https_port: z.number().int().nullable().optional(),
  version: z.string(),
});
export type ConfigResponse = z.infer<typeof configResponseSchema>;

export const loginRequestSchema = z.object({ password: z.string().min(1).max(200) });

const percentiles = { p50_ms: z.number().nullable(), p95_ms: z.number().nullable(), count: z.number().int() };
export const timingResponseSchema = z.object({
  /** Newest turn first in mind: `time_ms` is the mean over the window, as the forerunner gave it. */
  stt: z.object({ time_ms: z.number().nullable(), ...percentiles }),
  llm: z.object({ time_ms: z.number().nullable(), ttft_ms: z.number().nullable(), ...percentiles }),
  tts: z.object({ time_ms: z.number().nullable(), audio_sec: z.number().nullable(), ...percentiles }),
  latency: z.object({
    e2e_ms: z.number().nullable(),
    to_first_audio_ms: z.number().nullable(),
    ...percentiles,
  }),
});
export type TimingResponse = z.infer<typeof timingResponseSchema>;

/** `POST /api/timing`: the timing of one turn, as a journal entry of its call. */
export const timingReportSchema = z.object({
  call_id: callIdSchema,
  epoch: z.number().int().positive().max(2_147_483_647),
  /** Counted by the agent of that epoch, so that sending it again changes nothing. */
  seq: z.number().int().positive().max(2_147_483_647),
  /** Unix time, ms. */
  at_ms: z.number().min(0).max(4_102_444_800_000),
  timing: timingEventSchema.omit({ type: true }),
});
