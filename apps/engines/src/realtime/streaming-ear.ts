/** Hears an utterance with a streaming model, whose words come while it is said. */
import type { StreamingRecognizer } from '../stt/streaming-recognizer.ts';
import type { OpenEar } from './utterance-ear.ts';

/** `language` is the one the model knows; it tells none by itself. */
export function streamingEar(recognizer: StreamingRecognizer, language: string | undefined): OpenEar {
  return (onDelta) => {
    let shown = '';
    const utterance = recognizer.open((text) => {
      // Greedy search only ever appends.
      if (!text.startsWith(shown)) return;
      const delta = text.slice(shown.length);
      shown = text;
      if (delta !== '') onDelta(delta);
    });
    return {
      hear: (samples) => utterance.hear(samples),
      finish: async () => ({ text: readable(await utterance.finish()), language }),
      abandon: () => utterance.abandon(),
    };
  };
}

/** Its training texts are in capitals. */
function readable(text: string): string {
  return text === text.toUpperCase() ? text.toLowerCase() : text;
}
