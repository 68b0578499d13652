/** Which settings stand in which section of the page, and as which kind of control. */
import type { EngineStage } from '@sophy/contracts/engine-usage';
import { languages, llmEngines, type SettingKey, sttEngines, ttsEngines } from '@sophy/contracts/settings';

export type SettingControl =
  | { readonly kind: 'text' }
  | { readonly kind: 'long-text'; readonly rows: number }
  | { readonly kind: 'number'; readonly min: number; readonly max: number; readonly step: number }
  | { readonly kind: 'switch' }
  | { readonly kind: 'secret' }
  | { readonly kind: 'names' }
  /** Suggestions come from the engine. */
  | { readonly kind: 'model'; readonly stage: EngineStage; readonly engine: string }
  | { readonly kind: 'voice' }
  | { readonly kind: 'voices' }
  | { readonly kind: 'fallbacks'; readonly stage: EngineStage; readonly options: readonly string[] }
  | { readonly kind: 'choice'; readonly options: readonly string[] };

/** Settings of camera and screen have no page yet. */
export type ShownSettingKey = Exclude<SettingKey, 'vision_enabled' | 'vision_max_fps'>;

export type SettingField = { readonly key: ShownSettingKey; readonly control: SettingControl };

export type SettingSection = {
  readonly id: 'ears' | 'brain' | 'voice' | 'persona' | 'turns' | 'costs' | 'pages';
  readonly fields: readonly SettingField[];
  /** The stage whose engines are chosen here, and what each of them may need: shown with the engines in use. */
  readonly engines?: { readonly stage: EngineStage; readonly fields: readonly SettingField[] };
};

/** The settings that choose the engines of a stage. */
export const engineKeys = {
  stt: { chosen: 'stt_engine', fallbacks: 'stt_fallbacks' },
  llm: { chosen: 'llm_provider', fallbacks: 'llm_fallbacks' },
  tts: { chosen: 'tts_engine', fallbacks: 'tts_fallbacks' },
} as const satisfies Record<EngineStage, Record<'chosen' | 'fallbacks', ShownSettingKey>>;

const text = { kind: 'text' } as const;
const secret = { kind: 'secret' } as const;
const number = (min: number, max: number, step = 1) => ({ kind: 'number', min, max, step }) as const;
const choice = (options: readonly string[]) => ({ kind: 'choice', options }) as const;
const model = (stage: EngineStage, engine: string) => ({ kind: 'model', stage, engine }) as const;
const fallbacks = (stage: EngineStage, options: readonly string[]) =>
  ({ kind: 'fallbacks', stage, options }) as const;

export const settingSections: readonly SettingSection[] = [
  {
    id: 'ears',
    fields: [
      { key: 'stt_engine', control: choice(sttEngines) },
      { key: 'whisper_language', control: choice(languages) },
      { key: 'stt_fallbacks', control: fallbacks('stt', sttEngines) },
    ],
    engines: {
      stage: 'stt',
      fields: [
        { key: 'whisper_model', control: model('stt', 'local') },
        { key: 'stt_base_url', control: text },
        { key: 'stt_api_key', control: secret },
        { key: 'stt_model', control: model('stt', 'openai') },
        { key: 'deepgram_api_key', control: secret },
        { key: 'deepgram_model', control: model('stt', 'deepgram') },
        { key: 'cartesia_api_key', control: secret },
        { key: 'cartesia_stt_model', control: model('stt', 'cartesia') },
      ],
    },
  },
  {
    id: 'brain',
    fields: [
      { key: 'llm_provider', control: choice(llmEngines) },
      { key: 'llm_fallbacks', control: fallbacks('llm', llmEngines) },
    ],
    engines: {
      stage: 'llm',
      fields: [
        { key: 'ollama_model', control: model('llm', 'ollama') },
        { key: 'openrouter_api_key', control: secret },
        { key: 'openrouter_model', control: model('llm', 'openrouter') },
        { key: 'groq_api_key', control: secret },
        { key: 'groq_model', control: model('llm', 'groq') },
        { key: 'cerebras_api_key', control: secret },
        { key: 'cerebras_model', control: model('llm', 'cerebras') },
        { key: 'llm_base_url', control: text },
        { key: 'llm_api_key', control: secret },
        { key: 'llm_model', control: model('llm', 'openai') },
      ],
    },
  },
  {
    id: 'voice',
    fields: [
      { key: 'tts_engine', control: choice(ttsEngines) },
      { key: 'tts_language', control: choice(languages) },
      { key: 'tts_voice', control: { kind: 'voice' } },
      { key: 'tts_speed', control: number(0.5, 2, 0.05) },
      { key: 'tts_fallbacks', control: fallbacks('tts', ttsEngines) },
      { key: 'tts_voices', control: { kind: 'voices' } },
    ],
    engines: {
      stage: 'tts',
      fields: [
        { key: 'speech_server_url', control: text },
        { key: 'elevenlabs_api_key', control: secret },
        { key: 'elevenlabs_model', control: model('tts', 'elevenlabs') },
        { key: 'tts_base_url', control: text },
        { key: 'tts_api_key', control: secret },
        { key: 'tts_model', control: model('tts', 'openai') },
        { key: 'deepgram_api_key', control: secret },
        { key: 'cartesia_api_key', control: secret },
        { key: 'cartesia_tts_model', control: model('tts', 'cartesia') },
      ],
    },
  },
  {
    id: 'persona',
    fields: [
      { key: 'agent_name', control: text },
      { key: 'agent_aliases', control: { kind: 'names' } },
      { key: 'system_prompt', control: { kind: 'long-text', rows: 7 } },
      { key: 'context_injection', control: { kind: 'long-text', rows: 4 } },
      { key: 'history_messages', control: number(0, 200) },
      { key: 'greeting', control: text },
    ],
  },
  {
    id: 'turns',
    fields: [
      { key: 'force_agent_response', control: { kind: 'switch' } },
      { key: 'wake_window_seconds', control: number(0, 120) },
      { key: 'follow_up_seconds', control: number(0, 120) },
      { key: 'barge_in', control: choice(['everyone', 'addressee', 'nobody']) },
      { key: 'barge_in_min_speech_ms', control: number(0, 2_000, 10) },
      { key: 'barge_in_during_confirmations', control: { kind: 'switch' } },
      { key: 'back_channels', control: { kind: 'names' } },
      { key: 'endpointing_min_ms', control: number(50, 5_000, 10) },
      { key: 'endpointing_max_ms', control: number(100, 10_000, 10) },
      { key: 'end_of_turn_model', control: { kind: 'switch' } },
      { key: 'prepare_replies', control: { kind: 'switch' } },
      { key: 'filler_after_ms', control: number(0, 10_000, 100) },
    ],
  },
  {
    id: 'costs',
    fields: [
      { key: 'call_budget_usd', control: number(0, 10_000, 0.01) },
      { key: 'day_budget_usd', control: number(0, 1_000_000, 0.01) },
    ],
  },
  { id: 'pages', fields: [{ key: 'ui_language', control: choice(['en', 'it']) }] },
];
