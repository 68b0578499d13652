/** `/api/settings`, `/api/prompt`, `/api/context`. */
import { z } from 'zod';
import { mapSecretSettings } from './map-secret-settings.ts';
import { settingsPatchSchema, settingsSchema } from './settings.ts';

/** How a secret reads back. Sending it back unchanged keeps the stored value. */
export const secretMaskSchema = z.object({ set: z.boolean(), last4: z.string() });
export type SecretMask = z.infer<typeof secretMaskSchema>;

export const settingsResponseSchema = z.object({
  settings: settingsSchema.extend(mapSecretSettings(() => secretMaskSchema)),
  /** Grows with every change; every turn is stamped with the one that it used. */
  version: z.number().int(),
});
export type SettingsResponse = z.infer<typeof settingsResponseSchema>;

/**
 * False: an engine that is chosen is not tried before it is stored, for what is not there yet. Otherwise one that does
 * not answer is refused (422, code `engine_check_failed`).
 */
const checkField = z.boolean().default(true);
export const engineCheckFailed = 'engine_check_failed';

export const settingsUpdateRequestSchema = z.object({
  settings: settingsPatchSchema.extend(
    mapSecretSettings((key) =>
      z.union([settingsPatchSchema.shape[key].unwrap(), secretMaskSchema]).optional(),
    ),
  ),
  check: checkField,
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
export const settingUpdateRequestSchema = z.object({ value: z.unknown(), check: checkField });

export const promptSchema = z.object({ prompt: settingsSchema.shape.system_prompt.removeDefault() });
export const contextSchema = z.object({ context: settingsSchema.shape.context_injection.removeDefault() });
