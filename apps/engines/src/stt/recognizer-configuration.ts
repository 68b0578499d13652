/** Configuration of sherpa-onnx for one decode. */
import { join } from 'node:path';
import type { OfflineRecognizerConfig } from 'sherpa-onnx-node';
import type { RecognizerSettings } from './recognizer-messages.ts';

export const recognizerSampleRateHz = 16_000;

/** `language`: a code of `whisperLanguages`, or empty to detect it. Transducers hear every language of theirs at once. */
export function recognizerConfiguration(
  settings: RecognizerSettings,
  language: string,
  tailFrames: number,
): OfflineRecognizerConfig {
  const file = (name: string) => join(settings.modelPath, name);
  const encoder = file('encoder.int8.onnx');
  const decoder = file('decoder.int8.onnx');
  const model =
    settings.family === 'whisper'
      ? { whisper: { encoder, decoder, language, task: 'transcribe', tailPaddings: tailFrames } }
      : { transducer: { encoder, decoder, joiner: file('joiner.int8.onnx') }, modelType: 'nemo_transducer' };
  return {
    featConfig: { sampleRate: recognizerSampleRateHz, featureDim: 80 },
    modelConfig: {
      ...model,
      tokens: file('tokens.txt'),
      numThreads: settings.threads,
      provider: settings.provider,
      debug: false,
    },
  };
}
