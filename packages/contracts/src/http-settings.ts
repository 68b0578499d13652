/** `/api/settings`, `/api/prompt`, `/api/context`. */
import { z } from 'zod';
import { settingsPatchSchema, settingsSchema } from './settings.ts';

/** How a secret reads back. Sending it back unchanged keeps the stored value. */
export const secretMaskSchema = z.object({ set: z.boolean(), last4: z.string() });
export type SecretMask = z.infer<typeof secretMaskSchema>;

export const settingsResponseSchema = z.object({
  settings: settingsSchema.extend({
    stt_api_key: secretMaskSchema,
    llm_api_key: secretMaskSchema,
    tts_api_key: secretMaskSchema,
    openrouter_api_key: secretMaskSchema,
  }),
  /** Grows with every change; every turn is stamped with the one that it used. */
  version: z.number().int(),
});
export type SettingsResponse = z.infer<typeof settingsResponseSchema>;

const secretOrMask = (key: 'stt_api_key' | 'llm_api_key' | 'tts_api_key' | 'openrouter_api_key') =>
  z.union([settingsPatchSchema.shape[key].unwrap(), secretMaskSchema]).optional();

export const settingsUpdateRequestSchema = z.object({
  settings: settingsPatchSchema.extend({
    stt_api_key: secretOrMask('stt_api_key'),
    llm_api_key: secretOrMask('llm_api_key'),
    tts_api_key: secretOrMask('tts_api_key'),
    openrouter_api_key: secretOrMask('openrouter_api_key'),
  }),
});
export type SettingsUpdateRequest = z.infer<typeof settingsUpdateRequestSchema>;
export const settingsUpdateResponseSchema = z.object({
  status: z.literal('ok'),
  updated: z.array(z.string()),
});

/** `GET /api/settings/{key}`; `PUT` takes `{value}`. */
export const settingResponseSchema = z.object({
  key: z.string(),
  value: z.unknown(),
  version: z.number().int(),
});
export const settingUpdateRequestSchema = z.object({ value: z.unknown() });

export const promptSchema = z.object({ prompt: settingsSchema.shape.system_prompt.removeDefault() });
export const contextSchema = z.object({ context: settingsSchema.shape.context_injection.removeDefault() });
