/** Edge's read-aloud voices as an engine. */
import type { TtsEntry } from '../engine-entry.ts';
import { hostedTimeouts } from '../http/engine-timeouts.ts';
import { serviceUrl } from '../http/service-url.ts';
import { browserHeaders, voicesPath } from './edge-protocol.ts';
import { createEdgeTts } from './edge-tts.ts';
import { edgeDefaultVoice, listEdgeVoices } from './edge-voices.ts';

export const edgeTts: TtsEntry = {
  id: 'edge',
  stage: 'tts',
  name: 'Edge',
  isSelfHosted: false,
  capabilities: {
    isStreaming: true,
    givesWordTimes: true,
    languages: undefined,
    sampleRateHz: 24_000,
    // The service refuses every element but one voice with one rate.
    markup: 'none',
    speed: { min: 0.5, max: 2 },
  },
  missing: () => undefined,
  model: () => '',
  baseUrl: ({ endpoints }) => endpoints.edgeBaseUrl,
  warmUp: ({ endpoints }) => ({
    url: serviceUrl(endpoints.edgeBaseUrl, voicesPath),
    headers: browserHeaders(),
  }),
  defaultVoice: edgeDefaultVoice,
  listVoices: ({ endpoints }, signal) => listEdgeVoices(endpoints.edgeBaseUrl, signal),
  open: ({ endpoints }) => createEdgeTts({ baseUrl: endpoints.edgeBaseUrl, timeouts: hostedTimeouts.tts }),
};
