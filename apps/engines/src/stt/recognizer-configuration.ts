/** Configuration of sherpa-onnx for one decode with Whisper. */
import { join } from 'node:path';
import type { OfflineRecognizerConfig } from 'sherpa-onnx-node';
import type { RecognizerSettings } from './recognizer-messages.ts';

export const whisperSampleRateHz = 16_000;

/** `language`: a code of `whisperLanguages`, or empty to detect it. */
export function whisperConfiguration(
  settings: RecognizerSettings,
  language: string,
  tailFrames: number,
): OfflineRecognizerConfig {
  return {
    featConfig: { sampleRate: whisperSampleRateHz, featureDim: 80 },
    modelConfig: {
      whisper: {
        encoder: join(settings.modelPath, 'encoder.int8.onnx'),
        decoder: join(settings.modelPath, 'decoder.int8.onnx'),
        language,
        task: 'transcribe',
        tailPaddings: tailFrames,
      },
      tokens: join(settings.modelPath, 'tokens.txt'),
      numThreads: settings.threads,
      provider: 'cpu',
      debug: false,
    },
  };
}
