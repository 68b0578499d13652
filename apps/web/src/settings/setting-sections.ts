/** Which settings stand in which section of the page, and as which kind of control. */
import {
  languages,
  llmEngines,
  type SettingKey,
  type Settings,
  sttEngines,
  ttsEngines,
} from '@sophy/contracts/settings';

export type SettingControl =
  | { readonly kind: 'text' }
  | { readonly kind: 'long-text'; readonly rows: number }
  | { readonly kind: 'number'; readonly min: number; readonly max: number; readonly step: number }
  | { readonly kind: 'switch' }
  | { readonly kind: 'secret' }
  | { readonly kind: 'names' }
  | { readonly kind: 'ollama-model' }
  | { readonly kind: 'openrouter-model' }
  | { readonly kind: 'voice' }
  | { readonly kind: 'choice'; readonly options: readonly string[] };

/** Settings of camera and screen have no page yet. */
export type ShownSettingKey = Exclude<SettingKey, 'vision_enabled' | 'vision_max_fps'>;

export type SettingField = {
  readonly key: ShownSettingKey;
  readonly control: SettingControl;
  /** Whether it matters with the other settings as they are. */
  readonly isShown?: (draft: Partial<Settings>) => boolean;
};

export type SettingSection = {
  readonly id: 'ears' | 'brain' | 'voice' | 'persona' | 'turns' | 'pages';
  readonly fields: readonly SettingField[];
};

const text = { kind: 'text' } as const;
const secret = { kind: 'secret' } as const;
const number = (min: number, max: number, step = 1) => ({ kind: 'number', min, max, step }) as const;
const choice = (options: readonly string[]) => ({ kind: 'choice', options }) as const;

const usesSttServer = (draft: Partial<Settings>) => draft.stt_engine !== 'local';
const usesLlm = (engine: Settings['llm_provider']) => (draft: Partial<Settings>) =>
  draft.llm_provider === engine;
const usesTtsServer = (draft: Partial<Settings>) => draft.tts_engine !== 'local';

export const settingSections: readonly SettingSection[] = [
  {
    id: 'ears',
    fields: [
      { key: 'stt_engine', control: choice(sttEngines) },
      { key: 'stt_base_url', control: text, isShown: usesSttServer },
      { key: 'stt_api_key', control: secret, isShown: usesSttServer },
      { key: 'stt_model', control: text, isShown: usesSttServer },
      { key: 'whisper_model', control: text, isShown: (draft) => draft.stt_engine === 'local' },
      { key: 'whisper_language', control: choice(languages) },
    ],
  },
  {
    id: 'brain',
    fields: [
      { key: 'llm_provider', control: choice(llmEngines) },
      { key: 'ollama_model', control: { kind: 'ollama-model' }, isShown: usesLlm('ollama') },
      { key: 'openrouter_api_key', control: secret, isShown: usesLlm('openrouter') },
      { key: 'openrouter_model', control: { kind: 'openrouter-model' }, isShown: usesLlm('openrouter') },
      { key: 'llm_base_url', control: text, isShown: usesLlm('openai') },
      { key: 'llm_api_key', control: secret, isShown: usesLlm('openai') },
      { key: 'llm_model', control: text, isShown: usesLlm('openai') },
    ],
  },
  {
    id: 'voice',
    fields: [
      { key: 'tts_engine', control: choice(ttsEngines) },
      { key: 'tts_base_url', control: text, isShown: usesTtsServer },
      { key: 'tts_api_key', control: secret, isShown: usesTtsServer },
      { key: 'tts_model', control: text, isShown: usesTtsServer },
      { key: 'tts_language', control: choice(languages) },
      { key: 'tts_voice', control: { kind: 'voice' } },
      { key: 'tts_speed', control: number(0.5, 2, 0.05) },
    ],
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
    ],
  },
  { id: 'pages', fields: [{ key: 'ui_language', control: choice(['en', 'it']) }] },
];
