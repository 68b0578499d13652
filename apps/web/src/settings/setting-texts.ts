/** Texts of the settings page, key by key, so that none can be forgotten or mistyped. */
import type { Settings } from '@sophy/contracts/settings';
import type { SettingSection, ShownSettingKey } from './setting-sections.ts';

export const settingTexts = {
  stt_engine: { label: 'setting.sttEngine.label', hint: 'setting.sttEngine.hint' },
  stt_base_url: { label: 'setting.sttBaseUrl.label', hint: 'setting.sttBaseUrl.hint' },
  stt_api_key: { label: 'setting.sttApiKey.label', hint: 'setting.sttApiKey.hint' },
  stt_model: { label: 'setting.sttModel.label', hint: 'setting.sttModel.hint' },
  whisper_model: { label: 'setting.whisperModel.label', hint: 'setting.whisperModel.hint' },
  whisper_language: { label: 'setting.whisperLanguage.label', hint: 'setting.whisperLanguage.hint' },
  llm_provider: { label: 'setting.llmProvider.label', hint: 'setting.llmProvider.hint' },
  ollama_model: { label: 'setting.ollamaModel.label', hint: 'setting.ollamaModel.hint' },
  openrouter_api_key: { label: 'setting.openrouterApiKey.label', hint: 'setting.openrouterApiKey.hint' },
  openrouter_model: { label: 'setting.openrouterModel.label', hint: 'setting.openrouterModel.hint' },
  llm_base_url: { label: 'setting.llmBaseUrl.label', hint: 'setting.llmBaseUrl.hint' },
  llm_api_key: { label: 'setting.llmApiKey.label', hint: 'setting.llmApiKey.hint' },
  llm_model: { label: 'setting.llmModel.label', hint: 'setting.llmModel.hint' },
  tts_engine: { label: 'setting.ttsEngine.label', hint: 'setting.ttsEngine.hint' },
  tts_base_url: { label: 'setting.ttsBaseUrl.label', hint: 'setting.ttsBaseUrl.hint' },
  tts_api_key: { label: 'setting.ttsApiKey.label', hint: 'setting.ttsApiKey.hint' },
  tts_model: { label: 'setting.ttsModel.label', hint: 'setting.ttsModel.hint' },
  tts_language: { label: 'setting.ttsLanguage.label', hint: 'setting.ttsLanguage.hint' },
  tts_voice: { label: 'setting.ttsVoice.label', hint: 'setting.ttsVoice.hint' },
  tts_speed: { label: 'setting.ttsSpeed.label', hint: 'setting.ttsSpeed.hint' },
  agent_name: { label: 'setting.agentName.label', hint: 'setting.agentName.hint' },
  agent_aliases: { label: 'setting.agentAliases.label', hint: 'setting.agentAliases.hint' },
  system_prompt: { label: 'setting.systemPrompt.label', hint: 'setting.systemPrompt.hint' },
  context_injection: { label: 'setting.contextInjection.label', hint: 'setting.contextInjection.hint' },
  history_messages: { label: 'setting.historyMessages.label', hint: 'setting.historyMessages.hint' },
  greeting: { label: 'setting.greeting.label', hint: 'setting.greeting.hint' },
  force_agent_response: {
    label: 'setting.forceAgentResponse.label',
    hint: 'setting.forceAgentResponse.hint',
  },
  wake_window_seconds: { label: 'setting.wakeWindowSeconds.label', hint: 'setting.wakeWindowSeconds.hint' },
  follow_up_seconds: { label: 'setting.followUpSeconds.label', hint: 'setting.followUpSeconds.hint' },
  barge_in: { label: 'setting.bargeIn.label', hint: 'setting.bargeIn.hint' },
  barge_in_min_speech_ms: {
    label: 'setting.bargeInMinSpeechMs.label',
    hint: 'setting.bargeInMinSpeechMs.hint',
  },
  barge_in_during_confirmations: {
    label: 'setting.bargeInDuringConfirmations.label',
    hint: 'setting.bargeInDuringConfirmations.hint',
  },
  back_channels: { label: 'setting.backChannels.label', hint: 'setting.backChannels.hint' },
  endpointing_min_ms: { label: 'setting.endpointingMinMs.label', hint: 'setting.endpointingMinMs.hint' },
  endpointing_max_ms: { label: 'setting.endpointingMaxMs.label', hint: 'setting.endpointingMaxMs.hint' },
  end_of_turn_model: { label: 'setting.endOfTurnModel.label', hint: 'setting.endOfTurnModel.hint' },
  prepare_replies: { label: 'setting.prepareReplies.label', hint: 'setting.prepareReplies.hint' },
  stt_fallbacks: { label: 'setting.sttFallbacks.label', hint: 'setting.sttFallbacks.hint' },
  llm_fallbacks: { label: 'setting.llmFallbacks.label', hint: 'setting.llmFallbacks.hint' },
  tts_fallbacks: { label: 'setting.ttsFallbacks.label', hint: 'setting.ttsFallbacks.hint' },
  groq_api_key: { label: 'setting.groqApiKey.label', hint: 'setting.groqApiKey.hint' },
  groq_model: { label: 'setting.groqModel.label', hint: 'setting.groqModel.hint' },
  cerebras_api_key: { label: 'setting.cerebrasApiKey.label', hint: 'setting.cerebrasApiKey.hint' },
  cerebras_model: { label: 'setting.cerebrasModel.label', hint: 'setting.cerebrasModel.hint' },
  deepgram_api_key: { label: 'setting.deepgramApiKey.label', hint: 'setting.deepgramApiKey.hint' },
  deepgram_model: { label: 'setting.deepgramModel.label', hint: 'setting.deepgramModel.hint' },
  cartesia_api_key: { label: 'setting.cartesiaApiKey.label', hint: 'setting.cartesiaApiKey.hint' },
  cartesia_stt_model: { label: 'setting.cartesiaSttModel.label', hint: 'setting.cartesiaSttModel.hint' },
  cartesia_tts_model: { label: 'setting.cartesiaTtsModel.label', hint: 'setting.cartesiaTtsModel.hint' },
  elevenlabs_api_key: { label: 'setting.elevenlabsApiKey.label', hint: 'setting.elevenlabsApiKey.hint' },
  elevenlabs_model: { label: 'setting.elevenlabsModel.label', hint: 'setting.elevenlabsModel.hint' },
  speech_server_url: { label: 'setting.speechServerUrl.label', hint: 'setting.speechServerUrl.hint' },
  tts_voices: { label: 'setting.ttsVoices.label', hint: 'setting.ttsVoices.hint' },
  filler_after_ms: { label: 'setting.fillerAfterMs.label', hint: 'setting.fillerAfterMs.hint' },
  call_budget_usd: { label: 'setting.callBudgetUsd.label', hint: 'setting.callBudgetUsd.hint' },
  day_budget_usd: { label: 'setting.dayBudgetUsd.label', hint: 'setting.dayBudgetUsd.hint' },
  ui_language: { label: 'setting.uiLanguage.label', hint: 'setting.uiLanguage.hint' },
} as const satisfies Record<ShownSettingKey, { label: string; hint: string }>;

export const sectionTexts = {
  ears: { title: 'section.ears.title', explanation: 'section.ears.explanation' },
  brain: { title: 'section.brain.title', explanation: 'section.brain.explanation' },
  voice: { title: 'section.voice.title', explanation: 'section.voice.explanation' },
  persona: { title: 'section.persona.title', explanation: 'section.persona.explanation' },
  turns: { title: 'section.turns.title', explanation: 'section.turns.explanation' },
  costs: { title: 'section.costs.title', explanation: 'section.costs.explanation' },
  pages: { title: 'section.pages.title', explanation: 'section.pages.explanation' },
} as const satisfies Record<SettingSection['id'], { title: string; explanation: string }>;

/** Every option that the settings know: a new engine without a text does not compile. */
type ChoiceOption = Settings['stt_engine' | 'llm_provider' | 'tts_engine' | 'whisper_language' | 'barge_in'];

const choiceTexts = {
  auto: 'choice.automatic',
  en: 'choice.english',
  it: 'choice.italian',
  local: 'choice.local',
  openai: 'choice.openaiCompatible',
  'openai-realtime': 'choice.openaiRealtime',
  ollama: 'choice.ollama',
  openrouter: 'choice.openrouter',
  'speech-server': 'choice.speechServer',
  edge: 'choice.edge',
  elevenlabs: 'choice.elevenlabs',
  deepgram: 'choice.deepgram',
  cartesia: 'choice.cartesia',
  groq: 'choice.groq',
  cerebras: 'choice.cerebras',
  everyone: 'choice.everyone',
  addressee: 'choice.addressee',
  nobody: 'choice.nobody',
} as const satisfies Record<ChoiceOption, string>;

export type ChoiceText = (typeof choiceTexts)[keyof typeof choiceTexts];

/** Text of an option; null when a newer service offers one that this page does not know. */
export function choiceTextOf(option: string): ChoiceText | null {
  return Object.entries(choiceTexts).find(([name]) => name === option)?.[1] ?? null;
}
