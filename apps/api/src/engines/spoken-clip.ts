/** A sentence that recognition can be tried with: said by the voice in use, so that no recording has to be shipped. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import type { Settings } from '@sophy/contracts/settings';
import { ProviderError } from '@sophy/conversation/provider-error';
import type { Engines } from '@sophy/providers/engines';
import { collectAudio } from './collect-audio.ts';

const limitMs = 4_000;
const sentences = {
  en: 'Good morning, the train leaves at seven.',
  it: 'Buongiorno, il treno parte alle sette.',
} as const;

/** Undefined where the voice does not work: it is not what is tried. */
export async function spokenClip(
  engines: Pick<Engines, 'tts'>,
  settings: Settings,
): Promise<PcmAudio | undefined> {
  const languages = [settings.whisper_language, settings.tts_language];
  const language = languages.find((each) => each !== 'auto') === 'it' ? 'it' : 'en';
  const request = { text: sentences[language], language, voice: undefined, speed: 1 };
  try {
    return await collectAudio(
      engines.tts(settings).synthesize(request, { signal: AbortSignal.timeout(limitMs) }),
    );
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}
