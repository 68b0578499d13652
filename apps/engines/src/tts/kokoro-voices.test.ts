import { expect, it } from 'vitest';
import { kokoroVoices } from './kokoro-voices.ts';

it('has each voice at its place in the model', () => {
  const places = new Map(kokoroVoices.map(({ id, speakerId }) => [id, speakerId]));
  expect(places.size).toBe(kokoroVoices.length);
  expect([places.get('af_alloy'), places.get('am_santa'), places.get('bm_lewis')]).toEqual([0, 19, 27]);
  expect([places.get('if_sara'), places.get('im_nicola')]).toEqual([35, 36]);
});
