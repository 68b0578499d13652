/** Makes a stock Piper voice loadable by sherpa-onnx: metadata in the model, and the token table beside it. */
import { z } from 'zod';

/** The parts of a voice's JSON that are used. */
export const piperConfigurationSchema = z.object({
  audio: z.object({ sample_rate: z.number().int().positive() }),
  espeak: z.object({ voice: z.string().min(1) }),
  num_speakers: z.number().int().positive().default(1),
  phoneme_id_map: z.record(z.string(), z.array(z.number().int()).min(1)),
});
export type PiperConfiguration = z.infer<typeof piperConfigurationSchema>;

/** Field number of `metadata_props` in onnx.proto's ModelProto, and of key and value in its entries. */
const metadataField = 14;
const keyField = 1;
const valueField = 2;
/** Protobuf wire type of length-delimited fields. */
const lengthDelimited = 2;

/**
 * Bytes to append to the model file. Metadata is a repeated protobuf field, and fields of a message may come in any
 * order, so appended entries count like those inside; the weights need not be parsed.
 */
export function piperMetadata(configuration: PiperConfiguration): Buffer {
  const entries: readonly (readonly [string, string | number])[] = [
    ['model_type', 'vits'],
    ['comment', 'piper'],
    // Only shown, never read for speech: the voice below decides. The pinned checksums hold this word.
    ['language', 'English'],
    ['voice', configuration.espeak.voice],
    ['has_espeak', 1],
    ['n_speakers', configuration.num_speakers],
    ['sample_rate', configuration.audio.sample_rate],
  ];
  return Buffer.concat(
    entries.map(([key, value]) =>
      delimited(
        metadataField,
        Buffer.concat([
          delimited(keyField, Buffer.from(key)),
          delimited(valueField, Buffer.from(String(value))),
        ]),
      ),
    ),
  );
}

/** `tokens.txt`: one line per phoneme with its id. */
export function piperTokens(configuration: PiperConfiguration): string {
  return Object.entries(configuration.phoneme_id_map)
    .map(([phoneme, ids]) => `${phoneme} ${ids[0]}\n`)
    .join('');
}

function delimited(field: number, content: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from([(field << 3) | lengthDelimited]),
    Buffer.from(varint(content.length)),
    content,
  ]);
}

/** Base-128 number, least significant group first, high bit set on all but the last byte. */
export function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
}
