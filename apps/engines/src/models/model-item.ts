/** What a pool needs to know of an installed model to load it. */
import type { ModelLibrary, ServingModel } from './model-library.ts';
import { modelMemoryBytes } from './model-memory.ts';
import type { PoolItem } from './model-pool.ts';

export type ModelItem<Model extends ServingModel> = PoolItem & {
  readonly model: Model;
  readonly path: string;
};
export type RecognitionItem = ModelItem<Extract<ServingModel, { kind: 'stt' }>>;
export type BrainItem = ModelItem<Extract<ServingModel, { kind: 'llm' }>>;

export function modelItem<Model extends ServingModel>(
  library: ModelLibrary,
  model: Model,
  concurrency: number,
): ModelItem<Model> {
  return {
    key: model.id,
    title: model.title,
    bytes: modelMemoryBytes(model, concurrency),
    model,
    path: library.pathOf(model),
  };
}
