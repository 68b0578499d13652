import { expect, test } from 'vitest';
import { rowsOfVoices, voicesOfRows } from './voice-rows.ts';

test('the setting becomes rows and the rows become the setting again', () => {
  const voices = { 'edge:it': 'it-IT-ElsaNeural', elevenlabs: 'abc' };
  const rows = rowsOfVoices(voices);
  expect(rows).toEqual([
    { id: 1, engine: 'edge', language: 'it', voice: 'it-IT-ElsaNeural' },
    { id: 2, engine: 'elevenlabs', language: '', voice: 'abc' },
  ]);
  expect(voicesOfRows(rows)).toEqual(voices);
});

test('a row without a voice is no part of the setting', () => {
  expect(voicesOfRows([{ id: 1, engine: 'edge', language: '', voice: ' ' }])).toEqual({});
});

test('a value of another shape gives no rows', () => {
  expect(rowsOfVoices(undefined)).toEqual([]);
});
