/** Language models that an operator may choose besides Qwen2.5 1.5B and the demo brain. */
import { asPublished } from './as-published.ts';
import type { CatalogueModel } from './catalogue-model.ts';

function instruct(options: {
  readonly id: string;
  readonly title: string;
  readonly license: string;
  readonly repository: string;
  readonly path: string;
  readonly bytes: number;
}): CatalogueModel {
  const { id, title, license, repository, path, bytes } = options;
  return {
    kind: 'llm',
    id,
    title,
    license,
    demo: false,
    recipes: [asPublished(repository, [{ name: 'model.gguf', path, bytes }])],
  };
}

export const languageModels: readonly CatalogueModel[] = [
  instruct({
    id: 'qwen2.5-0.5b-instruct-q4_k_m',
    title: 'Qwen2.5 0.5B Instruct',
    license: 'Apache-2.0',
    repository: 'Qwen/Qwen2.5-0.5B-Instruct-GGUF',
    path: 'qwen2.5-0.5b-instruct-q4_k_m.gguf',
    bytes: 492_000_000,
  }),
  instruct({
    id: 'gemma-3-1b-it-q4_k_m',
    title: 'Gemma 3 1B Instruct',
    license: 'Gemma terms of use',
    repository: 'ggml-org/gemma-3-1b-it-GGUF',
    path: 'gemma-3-1b-it-Q4_K_M.gguf',
    bytes: 807_000_000,
  }),
  instruct({
    id: 'llama-3.2-1b-instruct-q4_k_m',
    title: 'Llama 3.2 1B Instruct',
    license: 'Llama 3.2 Community License',
    repository: 'bartowski/Llama-3.2-1B-Instruct-GGUF',
    path: 'Llama-3.2-1B-Instruct-Q4_K_M.gguf',
    bytes: 808_000_000,
  }),
];
