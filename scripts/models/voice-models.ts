/** Voices that an operator may choose besides Joe and Paola. */
import { asPublished } from './as-published.ts';
import type { CatalogueModel } from './catalogue-model.ts';

const seeCard = 'see the MODEL_CARD beside the voice on the hub';
const mediumBytes = 63_500_000;

type PiperVoice = {
  readonly name: string;
  readonly title: string;
  readonly gender: string;
  readonly license: string;
  readonly bytes: number;
};

/** A voice of `rhasspy/piper-voices`, named like `en_US-amy-medium`. */
function piper({ name, title, gender, license, bytes }: PiperVoice): CatalogueModel {
  const [locale = '', speaker = '', quality = ''] = name.split('-');
  const [language = ''] = locale.split('_');
  const path = `${language}/${locale}/${speaker}/${quality}/${name}.onnx`;
  const published = asPublished(
    'rhasspy/piper-voices',
    [
      { name: 'voice.onnx', path, bytes },
      { name: 'voice.json', path: `${path}.json`, bytes: 7_000 },
    ],
    'v1.0.0',
  );
  return {
    kind: 'tts',
    family: 'piper',
    id: `piper-${name}`,
    title,
    license,
    language,
    locale,
    gender,
    recipes: [
      {
        ...published,
        assembly: { kind: 'piper', voice: 'voice.onnx', configuration: 'voice.json' },
        files: [
          { name: 'model.onnx', sha256: undefined },
          { name: 'tokens.txt', sha256: undefined },
        ],
        // The voice and its copy with metadata.
        diskBytes: bytes * 2 + 10_000_000,
      },
    ],
  };
}

export const voiceModels: readonly CatalogueModel[] = [
  piper({
    name: 'en_US-amy-medium',
    title: 'Piper Amy (English)',
    gender: 'female',
    license: seeCard,
    bytes: mediumBytes,
  }),
  piper({
    name: 'en_US-ryan-medium',
    title: 'Piper Ryan (English)',
    gender: 'male',
    license: seeCard,
    bytes: mediumBytes,
  }),
  piper({
    name: 'en_GB-alba-medium',
    title: 'Piper Alba (British English)',
    gender: 'female',
    license: seeCard,
    bytes: mediumBytes,
  }),
  piper({
    name: 'it_IT-riccardo-x_low',
    title: 'Piper Riccardo (Italian)',
    gender: 'male',
    license: seeCard,
    bytes: 28_200_000,
  }),
  {
    kind: 'tts',
    family: 'kokoro',
    id: 'kokoro-multi-lang-v1_0',
    title: 'Kokoro 82M (Italian and English voices)',
    license: 'Apache-2.0',
    language: 'en',
    locale: 'en_US',
    gender: 'unknown',
    recipes: [
      asPublished('csukuangfj/kokoro-multi-lang-v1_0', [
        { name: 'model.onnx', path: 'model.onnx', bytes: 326_000_000 },
        { name: 'voices.bin', path: 'voices.bin', bytes: 27_700_000 },
        { name: 'tokens.txt', path: 'tokens.txt', bytes: 1_100 },
        { name: 'lexicon-us-en.txt', path: 'lexicon-us-en.txt', bytes: 5_500_000 },
      ]),
    ],
  },
];
