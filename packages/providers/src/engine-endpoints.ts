/** Addresses of engines that come from the environment, not from settings. */
import type { Environment } from '@sophy/contracts/environment';

export type EngineEndpoints = {
  /** Local engines up to `/v1`; undefined: there are none. */
  readonly enginesUrl: string | undefined;
  readonly ollamaHost: string;
  readonly openrouterBaseUrl: string;
  readonly groqBaseUrl: string;
  readonly cerebrasBaseUrl: string;
  readonly deepgramBaseUrl: string;
  readonly cartesiaBaseUrl: string;
  readonly elevenlabsBaseUrl: string;
  readonly edgeBaseUrl: string;
};

export function engineEndpoints(environment: Environment): EngineEndpoints {
  return {
    enginesUrl: environment.ENGINES_URL,
    ollamaHost: environment.OLLAMA_HOST,
    openrouterBaseUrl: environment.OPENROUTER_BASE_URL,
    groqBaseUrl: environment.GROQ_BASE_URL,
    cerebrasBaseUrl: environment.CEREBRAS_BASE_URL,
    deepgramBaseUrl: environment.DEEPGRAM_BASE_URL,
    cartesiaBaseUrl: environment.CARTESIA_BASE_URL,
    elevenlabsBaseUrl: environment.ELEVENLABS_BASE_URL,
    edgeBaseUrl: environment.EDGE_BASE_URL,
  };
}
