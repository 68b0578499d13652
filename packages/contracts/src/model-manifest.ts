/** `manifest.json` in the model directory: what `scripts/models` has put there and `apps/engines` loads. */
import { z } from 'zod';

const storedFileSchema = z.object({
  /** Path below the model's directory. */
  name: z.string(),
  bytes: z.number().int(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const storedModel = {
  id: z.string(),
  /** Name for people, e.g. in the status page. */
  title: z.string(),
  license: z.string(),
  /** Where it came from: the public hub, the package mirror, or a package of this installation. */
  source: z.enum(['hub', 'mirror', 'package']),
  /** Directory below the model directory. */
  directory: z.string(),
  files: z.array(storedFileSchema).min(1),
  /** sha256 of the recipe that made it; another recipe in the catalogue means that it is fetched again. */
  recipe: z.string(),
};

export const storedModelSchema = z.discriminatedUnion('kind', [
  /**
   * A recognizer in the form of sherpa-onnx: `encoder.int8.onnx`, `decoder.int8.onnx`, `tokens.txt`; of a transducer
   * `joiner.int8.onnx` too.
   */
  z.object({
    kind: z.literal('stt'),
    ...storedModel,
    family: z.enum(['whisper', 'transducer', 'streaming-transducer']).default('whisper'),
    /** Codes such as `it`; empty: every language of multilingual Whisper. */
    languages: z.array(z.string()).readonly().default([]),
  }),
  /**
   * Voices in the form of sherpa-onnx: `model.onnx`, `tokens.txt`. Piper is one voice; Kokoro has several, of several
   * languages, and `voices.bin` and `lexicon-us-en.txt` besides.
   */
  z.object({
    kind: z.literal('tts'),
    ...storedModel,
    family: z.enum(['piper', 'kokoro']).default('piper'),
    language: z.string(),
    locale: z.string(),
    gender: z.string(),
  }),
  /** espeak-ng-data, which turns text into phonemes for every Piper voice. */
  z.object({ kind: z.literal('phonemes'), ...storedModel }),
  /** `model.gguf`. `demo` is true for the tiny base model that only shows that the chain works. */
  z.object({ kind: z.literal('llm'), ...storedModel, demo: z.boolean() }),
]);
export type StoredModel = z.infer<typeof storedModelSchema>;

export const modelManifestSchema = z.object({
  version: z.literal(1),
  models: z.array(storedModelSchema),
  /** What could not be had, and why; the stage then runs without it or is not ready. */
  missing: z.array(z.object({ id: z.string(), reason: z.string() })),
});
export type ModelManifest = z.infer<typeof modelManifestSchema>;

/** Name of the file in the model directory. */
export const modelManifestFileName = 'manifest.json';
