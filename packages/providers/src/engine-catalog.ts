/** Every engine that can be chosen, by stage and id. */
import type { LlmEngine, SttEngine, TtsEngine } from '@sophy/contracts/settings';
import { cartesiaStt, cartesiaTts } from './cartesia/cartesia-engines.ts';
import { cerebrasLlm } from './cerebras/cerebras-engine.ts';
import { deepgramStt, deepgramTts } from './deepgram/deepgram-engines.ts';
import { edgeTts } from './edge/edge-engine.ts';
import { elevenlabsTts } from './elevenlabs/elevenlabs-engine.ts';
import type { LlmEntry, SttEntry, TtsEntry } from './engine-entry.ts';
import { groqLlm } from './groq/groq-engine.ts';
import { localLlm, localStt, localTts } from './local/local-engines.ts';
import { ollamaLlm } from './ollama/ollama-engine.ts';
import { openAiLlm, openAiRealtimeStt, openAiStt, openAiTts } from './openai/openai-engines.ts';
import { openrouterLlm } from './openrouter/openrouter-engine.ts';
import { speechServerTts } from './speech-server/speech-server-engine.ts';

export const sttCatalog: Readonly<Record<SttEngine, SttEntry>> = {
  local: localStt,
  openai: openAiStt,
  'openai-realtime': openAiRealtimeStt,
  deepgram: deepgramStt,
  cartesia: cartesiaStt,
};

export const llmCatalog: Readonly<Record<LlmEngine, LlmEntry>> = {
  local: localLlm,
  ollama: ollamaLlm,
  openrouter: openrouterLlm,
  groq: groqLlm,
  cerebras: cerebrasLlm,
  openai: openAiLlm,
};

export const ttsCatalog: Readonly<Record<TtsEngine, TtsEntry>> = {
  local: localTts,
  'speech-server': speechServerTts,
  edge: edgeTts,
  elevenlabs: elevenlabsTts,
  openai: openAiTts,
  deepgram: deepgramTts,
  cartesia: cartesiaTts,
};
