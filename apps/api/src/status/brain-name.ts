/** The brain's name for pages that ask often: looked up in the background, never waited for long. */
import type { Settings } from '@sophy/contracts/settings';
import { ProviderError } from '@sophy/conversation/provider-error';
import type { Engines } from '@sophy/providers/engines';

/** Label such as `ollama:qwen3:4b`; `demo brain` where the tiny model answers; the setting's word where nothing does. */
export async function brainName(settings: Settings, engines: Engines): Promise<string> {
  try {
    const brain = await engines.describeBrain(settings);
    return brain.demo ? 'demo brain' : brain.label;
  } catch (error) {
    if (error instanceof ProviderError) return settings.llm_provider;
    throw error;
  }
}
