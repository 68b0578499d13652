/** Addresses at which nothing answers. */
import type { EngineEndpoints } from './engine-endpoints.ts';

const nowhere = 'http://127.0.0.1:9';

export const noEndpoints: EngineEndpoints = {
  enginesUrl: `${nowhere}/v1`,
  ollamaHost: nowhere,
  openrouterBaseUrl: `${nowhere}/api/v1`,
  groqBaseUrl: nowhere,
  cerebrasBaseUrl: nowhere,
  deepgramBaseUrl: nowhere,
  cartesiaBaseUrl: nowhere,
  elevenlabsBaseUrl: nowhere,
  edgeBaseUrl: nowhere,
};
