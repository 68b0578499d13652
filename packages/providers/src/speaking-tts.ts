/** A voice that is given text as it is written and speaks it as people say it. */
import { speakableText } from '@sophy/conversation/speech/speakable-text';
import type { TtsAudio, TtsPort } from '@sophy/conversation/tts-port';
import type { EngineContext, TtsEntry } from './engine-entry.ts';
import { voiceOfEngine } from './voice-of-engine.ts';

/**
 * The port of an entry with its voice, its rate and its marks filled in. Progress that the engine tells counts letters
 * of the spoken text; it is given in letters of the written one, spread evenly.
 */
export function createSpeakingTts(entry: TtsEntry, context: EngineContext): TtsPort {
  const port = entry.open(context);
  const { markup, speed } = entry.capabilities;
  return {
    get label() {
      return port.label;
    },
    async *synthesize(request, options) {
      const language = request.language === 'it' ? 'it' : 'en';
      const text = speakableText(request.text, { language, markup });
      // Marks and pictures alone: there is nothing to say.
      if (text === '') return;
      const spoken = {
        ...request,
        text,
        voice: request.voice ?? voiceOfEngine(context.settings, entry, request.language),
        speed: speed === undefined ? 1 : Math.min(speed.max, Math.max(speed.min, request.speed)),
      };
      for await (const audio of port.synthesize(spoken, options)) {
        yield audio.spokenCharacters === undefined
          ? audio
          : ({
              ...audio,
              spokenCharacters: (audio.spokenCharacters * request.text.length) / text.length,
            } satisfies TtsAudio);
      }
    },
  };
}
