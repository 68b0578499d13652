/**
 * Every live setting: one zod schema is the validation, the defaults and the documentation.
 * A row in Postgres overrides the environment; a change applies from the next turn.
 */
import { z } from 'zod';
import { boundedText } from './text.ts';

export const sttEngines = ['local', 'openai', 'openai-realtime', 'deepgram', 'cartesia'] as const;
export const llmEngines = ['local', 'ollama', 'openrouter', 'openai', 'groq', 'cerebras'] as const;
export const ttsEngines = [
  'local',
  'speech-server',
  'edge',
  'openai',
  'deepgram',
  'cartesia',
  'elevenlabs',
] as const;
export type SttEngine = (typeof sttEngines)[number];
export type LlmEngine = (typeof llmEngines)[number];
export type TtsEngine = (typeof ttsEngines)[number];
export const languages = ['auto', 'en', 'it'] as const;

const defaultPrompt =
  "You are Sophy, an extremely concise voice assistant. Answer in one or two short sentences, at most 30 words, with no preamble, in the speaker's language. Your words are spoken aloud: use no lists, no markup and no emoji.";

/** All settings with their defaults. Times end in their unit; secrets are listed in `secretSettings`. */
export const settingsSchema = z.object({
  stt_engine: z.enum(sttEngines).default('local').describe('Speech recognition engine'),
  stt_fallbacks: z
    .array(z.enum(sttEngines))
    .max(4)
    .default(['local'])
    .describe('Recognition engines that take over, in this order, while the chosen one fails'),
  stt_base_url: z
    .union([z.literal(''), z.url()])
    .default('')
    .describe('Address of an OpenAI-compatible transcription server, up to /v1'),
  stt_api_key: boundedText(500).default('').describe('Key of that server'),
  stt_model: boundedText(200).default('').describe('Model asked of that server; empty: its default'),
  whisper_model: boundedText(200).default('base').describe('Model of the local recognition engine'),
  whisper_language: z
    .enum(languages)
    .default('auto')
    .describe('Language that people speak; auto: detected for each utterance'),
  llm_provider: z.enum(llmEngines).default('local').describe('Language model engine'),
  llm_fallbacks: z
    .array(z.enum(llmEngines))
    .max(4)
    .default([])
    .describe('Language models that take over, in this order, while the chosen one fails'),
  llm_base_url: z
    .union([z.literal(''), z.url()])
    .default('')
    .describe('Address of an OpenAI-compatible chat server, up to /v1'),
  llm_api_key: boundedText(500).default('').describe('Key of that server'),
  llm_model: boundedText(200).default('').describe('Model asked of that server'),
  ollama_model: boundedText(200).default('').describe('Model asked of Ollama; empty: the first it lists'),
  openrouter_model: boundedText(200).default('').describe('Model asked of OpenRouter'),
  openrouter_api_key: boundedText(500).default('').describe('OpenRouter key'),
  tts_engine: z.enum(ttsEngines).default('local').describe('Speech synthesis engine'),
  groq_api_key: boundedText(500).default('').describe('Groq key'),
  groq_model: boundedText(200).default('openai/gpt-oss-20b').describe('Model asked of Groq'),
  cerebras_api_key: boundedText(500).default('').describe('Cerebras key'),
  cerebras_model: boundedText(200).default('gpt-oss-120b').describe('Model asked of Cerebras'),
  tts_fallbacks: z
    .array(z.enum(ttsEngines))
    .max(4)
    .default(['local'])
    .describe('Voices that take over, in this order, while the chosen one fails'),
  tts_base_url: z
    .union([z.literal(''), z.url()])
    .default('')
    .describe('Address of an OpenAI-compatible speech server, up to /v1'),
  tts_api_key: boundedText(500).default('').describe('Key of that server'),
  tts_model: boundedText(200).default('').describe('Model asked of that server'),
  tts_voice: boundedText(200).default('').describe('Voice; empty: the default of the language'),
  tts_voices: z
    .record(boundedText(60), boundedText(200))
    .default({})
    .describe(
      'Voices of engines that are no default, as engine or engine:language, such as edge:it; tts_voice goes before for the chosen engine',
    ),
  speech_server_url: z
    .union([z.literal(''), z.url()])
    .default('')
    .describe('Address of a speech server that runs Coqui, VibeVoice or Chatterbox'),
  deepgram_api_key: boundedText(500).default('').describe('Deepgram key'),
  deepgram_model: boundedText(200).default('nova-3').describe('Recognition model asked of Deepgram'),
  cartesia_api_key: boundedText(500).default('').describe('Cartesia key'),
  cartesia_stt_model: boundedText(200).default('ink-whisper').describe('Recognition model asked of Cartesia'),
  cartesia_tts_model: boundedText(200).default('sonic-3').describe('Voice model asked of Cartesia'),
  elevenlabs_api_key: boundedText(500).default('').describe('ElevenLabs key'),
  elevenlabs_model: boundedText(200).default('eleven_flash_v2_5').describe('Voice model asked of ElevenLabs'),
  tts_language: z
    .enum(languages)
    .default('auto')
    .describe('Language that the agent speaks; auto: the language of the speaker'),
  tts_speed: z.number().min(0.5).max(2).default(1).describe('Speaking rate, 1 is normal'),
  system_prompt: boundedText(20_000).default(defaultPrompt).describe('Persona and instructions of the agent'),
  context_injection: boundedText(20_000).default('').describe('Text added to the context of every reply'),
  history_messages: z
    .number()
    .int()
    .min(0)
    .max(200)
    .default(20)
    .describe('How many past messages the model sees'),
  force_agent_response: z.boolean().default(false).describe('Answer every turn, addressed or not'),
  filler_after_ms: z
    .number()
    .int()
    .min(0)
    .max(10_000)
    .default(2_000)
    .describe('Silence after which the agent says that it is still there, ms; 0: never'),
  call_budget_usd: z
    .number()
    .min(0)
    .max(10_000)
    .default(0)
    .describe('What one call may cost, US dollars; 0: no limit'),
  day_budget_usd: z
    .number()
    .min(0)
    .max(1_000_000)
    .default(0)
    .describe('What all calls of a day (UTC) may cost, US dollars; 0: no limit'),
  agent_name: boundedText(60).min(1).default('Sophy').describe('Name that the agent answers to'),
  agent_aliases: z
    .array(boundedText(60).min(1))
    .max(50)
    .default([
      'sophyai',
      'sophy ai',
      'sofi',
      'sofie',
      'sophie',
      'sofy',
      'sufi',
      'softie',
      'safi',
      'so fi',
      'sophia',
      'sofia',
    ])
    .describe('Other names, and what recognition makes of the name'),
  wake_window_seconds: z
    .number()
    .min(0)
    .max(120)
    .default(20)
    .describe('After a bare wake, how long the next turn of that speaker is answered'),
  follow_up_seconds: z
    .number()
    .min(0)
    .max(120)
    .default(8)
    .describe('After an answer, how long the person answered needs no name; 0: never'),
  barge_in: z
    .enum(['everyone', 'addressee', 'nobody'])
    .default('everyone')
    .describe('Who may interrupt the agent'),
  barge_in_min_speech_ms: z
    .number()
    .int()
    .min(0)
    .max(2_000)
    .default(900)
    .describe(
      'How long somebody must speak before the agent stops while their words are not known yet, ms; its voice is held from the first sound',
    ),
  barge_in_during_confirmations: z
    .boolean()
    .default(true)
    .describe('Whether the agent may be interrupted while it asks to confirm something'),
  back_channels: z
    .array(boundedText(60).min(1))
    .max(100)
    .default([])
    .describe('Words, besides the usual Italian and English ones, with which people only nod along'),
  end_of_turn_model: z
    .boolean()
    .default(true)
    .describe('Whether the sound of the voice, besides the words, tells if a turn is over'),
  prepare_replies: z
    .boolean()
    .default(true)
    .describe('Whether a reply is prepared in silence while the turn is likely, not certainly, over'),
  endpointing_min_ms: z
    .number()
    .int()
    .min(50)
    .max(5_000)
    .default(250)
    .describe('Silence that ends a turn that sounds complete, ms'),
  endpointing_max_ms: z
    .number()
    .int()
    .min(100)
    .max(10_000)
    .default(1_500)
    .describe('Silence that ends a turn that sounds unfinished, ms'),
  ui_language: z
    .enum(['en', 'it'])
    .default('en')
    .describe('Language of the pages until a person chooses one'),
  vision_enabled: z.boolean().default(false).describe('Whether the agent may look at shared video'),
  vision_max_fps: z.number().min(0.1).max(5).default(1).describe('Frames a second the agent may look at'),
  greeting: boundedText(500).default('').describe('What the agent says when a call begins; empty: nothing'),
});

/** The whole set of settings, every key present. */
export type Settings = Readonly<z.infer<typeof settingsSchema>>;
export type SettingKey = keyof Settings;

/** Any non-empty part of the settings, as a request may send it; unknown keys are refused. */
export const settingsPatchSchema = z.strictObject(
  Object.fromEntries(
    Object.entries(settingsSchema.shape).map(([key, field]) => [key, field.removeDefault().optional()]),
  ) as {
    [K in SettingKey]: z.ZodOptional<ReturnType<(typeof settingsSchema.shape)[K]['removeDefault']>>;
  },
);
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;

/** Settings that never leave the server once written; a read gives `{set, last4}`. */
export const secretSettings = [
  'stt_api_key',
  'llm_api_key',
  'tts_api_key',
  'openrouter_api_key',
  'groq_api_key',
  'cerebras_api_key',
  'deepgram_api_key',
  'cartesia_api_key',
  'elevenlabs_api_key',
] as const satisfies readonly SettingKey[];
export type SecretSettingKey = (typeof secretSettings)[number];

export function isSecretSetting(key: SettingKey): key is SecretSettingKey {
  return secretSettings.some((secret) => secret === key);
}

export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(settingsSchema.shape, key);
}
