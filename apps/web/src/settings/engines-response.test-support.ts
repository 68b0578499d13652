/** Test support: an answer of `GET /api/engines` with a few engines of each kind. */
import type { EnginesResponse } from '@sophy/contracts/http-engines';

type Engine = EnginesResponse['llm'][number];

function engine(id: string, settings: readonly string[], more: Partial<Engine> = {}): Engine {
  return {
    id,
    name: id,
    self_hosted: false,
    available: true,
    missing: '',
    settings: [...settings],
    position: null,
    model: '',
    lists_models: false,
    price: null,
    breaker: null,
    capabilities: { streaming: true, tools: true },
    ...more,
  };
}

const ears = {
  streaming: false,
  interim_results: false,
  word_times: false,
  detects_language: true,
  languages: null,
  sample_rate_hz: 16_000,
};
const voice = {
  streaming: true,
  word_times: false,
  languages: null,
  sample_rate_hz: 24_000,
  markup: 'none',
  speed: null,
};
const perToken = {
  unit: 'million-tokens' as const,
  usd: null,
  prompt_usd: 0.075,
  completion_usd: 0.3,
  source: '',
  as_of: '',
  note: '',
};

export const enginesResponse: EnginesResponse = {
  stt: [
    { ...engine('local', ['whisper_model'], { self_hosted: true }), capabilities: ears },
    { ...engine('deepgram', ['deepgram_api_key', 'deepgram_model']), capabilities: ears },
  ],
  llm: [
    engine('local', ['ollama_model'], { self_hosted: true }),
    engine('ollama', ['ollama_model'], { self_hosted: true }),
    engine('openrouter', ['openrouter_api_key', 'openrouter_model'], { position: 0 }),
    engine('groq', ['groq_api_key', 'groq_model'], {
      available: false,
      missing: 'Set groq_api_key.',
      price: perToken,
      breaker: 'open',
    }),
    engine('cerebras', ['cerebras_api_key', 'cerebras_model']),
  ],
  tts: [
    { ...engine('local', [], { self_hosted: true, position: 0 }), capabilities: voice },
    { ...engine('edge', []), capabilities: voice },
    { ...engine('deepgram', ['deepgram_api_key']), capabilities: voice },
  ],
};
