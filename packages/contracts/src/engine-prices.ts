/**
 * The price table that is shipped: public list prices in US dollars, pay as you go, without plans, discounts and taxes.
 * What is not here is unknown. How to change it: docs/cost.md.
 */
import type { Price, PriceTable } from './price-table.ts';

type Row = Omit<Extract<Price, { unit: 'million-tokens' }>, 'stage' | 'unit'>;

const ownMachines = 'runs on your machines';
const deepgram = { source: 'https://deepgram.com/pricing' } as const;
const openai = { host: 'api.openai.com', source: 'https://platform.openai.com/docs/pricing' } as const;
const cartesia = {
  source: 'https://docs.cartesia.ai/pricing',
  asOf: '2026-06-21',
  note: 'Credits at the rate of the Pro plan: 100,000 for 5 dollars.',
} as const;
const elevenlabs = { source: 'https://elevenlabs.io/pricing/api', asOf: '2026-06-01' } as const;

export const enginePrices: PriceTable = {
  version: '2026-11-21',
  asOf: '2026-11-21',
  currency: 'USD',
  prices: [
    { stage: 'stt', engine: 'local', model: '*', unit: 'free', source: '', note: ownMachines },
    { stage: 'llm', engine: 'local', model: '*', unit: 'free', source: '', note: ownMachines },
    { stage: 'tts', engine: 'local', model: '*', unit: 'free', source: '', note: ownMachines },
    { stage: 'llm', engine: 'ollama', model: '*', unit: 'free', source: '', note: ownMachines },
    { stage: 'tts', engine: 'speech-server', model: '*', unit: 'free', source: '', note: ownMachines },
    {
      stage: 'tts',
      engine: 'edge',
      model: '*',
      unit: 'free',
      source: '',
      note: 'Free of charge, without a contract: it may end or begin to cost any day.',
    },
    ...deepgramPrices(),
    ...cartesiaPrices(),
    ...elevenlabsPrices(),
    ...openaiSpeechPrices(),
    ...openaiModelPrices(),
    ...groqPrices(),
    {
      stage: 'llm',
      engine: 'cerebras',
      model: 'gpt-oss-120b',
      unit: 'million-tokens',
      promptUsd: 0.35,
      completionUsd: 0.75,
      source: 'https://inference-docs.cerebras.ai/models/overview',
      asOf: '2026-06-12',
    },
  ],
};

/** Streamed; the language is not told, so nova-3 is priced as multilingual, the dearer of the two. */
function deepgramPrices(): Price[] {
  const stt = { ...deepgram, stage: 'stt', engine: 'deepgram', unit: 'audio-minute' } as const;
  return [
    { ...stt, model: 'nova-3*', usd: 0.0058, asOf: '2026-08-01', note: 'Streamed, multilingual.' },
    { ...stt, model: 'flux-general-multi', usd: 0.0078, asOf: '2026-11-04' },
    { ...stt, model: 'flux-general-en', usd: 0.0065, asOf: '2026-05-04' },
    {
      ...deepgram,
      stage: 'tts',
      engine: 'deepgram',
      model: 'aura-2*',
      unit: 'million-characters',
      usd: 30,
      asOf: '2026-05-19',
    },
  ];
}

/** One credit a second of ink-whisper, three of ink-2, one a character of sonic; a credit is 50 millionths of a dollar. */
function cartesiaPrices(): Price[] {
  const stt = { ...cartesia, stage: 'stt', engine: 'cartesia', unit: 'audio-minute' } as const;
  return [
    { ...stt, model: 'ink-whisper*', usd: 0.003 },
    { ...stt, model: 'ink-2*', usd: 0.009 },
    {
      ...cartesia,
      stage: 'tts',
      engine: 'cartesia',
      model: 'sonic*',
      unit: 'million-characters',
      usd: 50,
    },
  ];
}

function elevenlabsPrices(): Price[] {
  const tts = { ...elevenlabs, stage: 'tts', engine: 'elevenlabs', unit: 'million-characters' } as const;
  return [
    { ...tts, model: 'eleven_flash_v2*', usd: 50 },
    { ...tts, model: 'eleven_turbo_v2*', usd: 50 },
    { ...tts, model: 'eleven_multilingual_v2', usd: 100 },
    { ...tts, model: 'eleven_v3', usd: 100 },
  ];
}

/** Where OpenAI bills tokens of sound, its own estimate for a minute stands here. */
function openaiSpeechPrices(): Price[] {
  const minute = { ...openai, stage: 'stt', unit: 'audio-minute', asOf: '2026-08-06' } as const;
  const estimate = 'Estimate of OpenAI, which bills tokens of sound.';
  const transcribers = [
    { model: 'whisper-1', usd: 0.006 },
    { model: 'gpt-4o-mini-transcribe*', usd: 0.003, note: estimate },
    { model: 'gpt-4o-transcribe*', usd: 0.006, note: estimate },
  ];
  const characters = { ...openai, stage: 'tts', engine: 'openai', unit: 'million-characters' } as const;
  return [
    ...['openai', 'openai-realtime'].flatMap((engine) =>
      transcribers.map((row) => ({ ...minute, engine, ...row })),
    ),
    { ...minute, engine: 'openai-realtime', model: 'gpt-realtime-whisper', usd: 0.017 },
    { ...characters, model: 'tts-1', usd: 15, asOf: '2026-05-05' },
    { ...characters, model: 'tts-1-hd', usd: 30, asOf: '2026-05-05' },
    {
      ...openai,
      stage: 'tts',
      engine: 'openai',
      model: 'gpt-4o-mini-tts*',
      unit: 'audio-minute',
      usd: 0.015,
      asOf: '2026-05-19',
      note: estimate,
    },
  ];
}

/** A dated name such as `gpt-5-mini-2025-08-07` costs what the name costs. */
function openaiModelPrices(): Price[] {
  const models = {
    'gpt-5.5': [5, 0.5, 30],
    'gpt-5.4-nano': [0.2, 0.02, 1.25],
    'gpt-5.4-mini': [0.75, 0.075, 4.5],
    'gpt-5.4': [2.5, 0.25, 15],
    'gpt-5.2': [1.75, 0.175, 14],
    'gpt-5.1': [1.25, 0.125, 10],
    'gpt-5-nano': [0.05, 0.005, 0.4],
    'gpt-5-mini': [0.25, 0.025, 2],
    'gpt-5': [1.25, 0.125, 10],
    'gpt-4.1-nano': [0.1, 0.025, 0.4],
    'gpt-4.1-mini': [0.4, 0.1, 1.6],
    'gpt-4.1': [2, 0.5, 8],
    'gpt-4o-mini': [0.15, 0.075, 0.6],
    'gpt-4o': [2.5, 1.25, 10],
  } as const;
  return Object.entries(models).flatMap(([model, [promptUsd, cachedPromptUsd, completionUsd]]) =>
    [model, `${model}-20*`].map((name) =>
      perToken('openai', {
        ...openai,
        asOf: '2026-08-06',
        model: name,
        promptUsd,
        cachedPromptUsd,
        completionUsd,
      }),
    ),
  );
}

function groqPrices(): Price[] {
  const groq = { source: 'https://groq.com/pricing', asOf: '2026-08-06' } as const;
  return [
    perToken('groq', {
      ...groq,
      model: 'openai/gpt-oss-20b',
      promptUsd: 0.075,
      cachedPromptUsd: 0.0375,
      completionUsd: 0.3,
    }),
    perToken('groq', {
      ...groq,
      model: 'openai/gpt-oss-120b',
      promptUsd: 0.15,
      cachedPromptUsd: 0.075,
      completionUsd: 0.6,
    }),
    perToken('groq', { ...groq, model: 'llama-3.1-8b-instant', promptUsd: 0.05, completionUsd: 0.08 }),
    perToken('groq', { ...groq, model: 'llama-3.3-70b-versatile', promptUsd: 0.59, completionUsd: 0.79 }),
  ];
}

function perToken(engine: string, row: Omit<Row, 'engine'>): Price {
  return { stage: 'llm', engine, unit: 'million-tokens', ...row };
}
