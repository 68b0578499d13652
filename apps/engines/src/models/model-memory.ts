/** Estimates of what a loaded model takes, from its files; the figures behind them are in docs/local-engines.md. */
import type { StoredModel } from '@sophy/contracts/model-manifest';

const megabyte = 1_000_000;

/** Bytes of memory with `concurrency` requests at once. Deliberately high: a model that does not fit ends the process. */
export function modelMemoryBytes(model: StoredModel, concurrency: number): number {
  const fileBytes = model.files.reduce((sum, { bytes }) => sum + bytes, 0);
  switch (model.kind) {
    case 'stt':
      // Each recognition thread has the weights for itself; quantized ones are unpacked in part.
      return concurrency * (2 * fileBytes + 150 * megabyte);
    case 'tts':
      return 2 * fileBytes + 100 * megabyte;
    case 'llm':
      // Weights stay as they are; the rest is the context.
      return fileBytes + 350 * megabyte;
    case 'phonemes':
      return 0;
    default:
      return model satisfies never;
  }
}
