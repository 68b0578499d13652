import { expect, it } from 'vitest';
import type { DeepgramResults } from './deepgram-message.ts';
import { DeepgramTranscripts } from './deepgram-transcripts.ts';

function results(
  transcript: string,
  changes: Partial<DeepgramResults> = {},
  languages: readonly string[] = [],
): DeepgramResults {
  const words = languages.map((language) => ({ language }));
  return {
    type: 'Results',
    start: 0,
    duration: 1,
    channel: { alternatives: [{ transcript, words }] },
    ...changes,
  };
}

it('gives one final for an utterance that the service settles in pieces', () => {
  const transcripts = new DeepgramTranscripts('it');
  expect(transcripts.accept(results('che tempo', { is_final: true }))).toEqual([
    { type: 'interim', text: 'che tempo' },
  ]);
  expect(transcripts.accept(results('fa do'))).toEqual([{ type: 'interim', text: 'che tempo fa do' }]);
  expect(transcripts.accept(results('fa domani', { is_final: true, speech_final: true }))).toEqual([
    { type: 'final', text: 'che tempo fa domani', language: 'it' },
  ]);
});

it('says the language of most words, without its region', () => {
  const transcripts = new DeepgramTranscripts(undefined);
  transcripts.accept(results('ok va bene', { is_final: true }, ['en-US', 'it', 'it']));
  expect(transcripts.accept(results('', { is_final: true, speech_final: true }))).toEqual([
    { type: 'final', text: 'ok va bene', language: 'it' },
  ]);
});

it('owes no final for a commit after which the service has nothing left to hear', () => {
  const transcripts = new DeepgramTranscripts('it');
  transcripts.accept(results('ciao', { is_final: true, speech_final: true }));
  expect(transcripts.commit(1.1)).toEqual([]);
  expect(transcripts.isOwed).toBe(false);
  expect(transcripts.accept(results('', { is_final: true, from_finalize: true }))).toEqual([]);
});

it('gives settled words at once when a pause leaves nothing else to wait for', () => {
  const transcripts = new DeepgramTranscripts('it');
  transcripts.accept(results('ciao', { is_final: true }));
  expect(transcripts.commit(1.1)).toEqual([{ type: 'final', text: 'ciao', language: 'it' }]);
});

it('waits for the audio that the service still holds, and takes a final without the mark of the commit for it', () => {
  const transcripts = new DeepgramTranscripts('it');
  transcripts.accept(results('ciao'));
  expect(transcripts.commit(2)).toEqual([]);
  expect(transcripts.isOwed).toBe(true);
  expect(transcripts.accept(results('ciao come', { is_final: true, duration: 1.2 }))).toEqual([
    { type: 'interim', text: 'ciao come' },
  ]);
  expect(transcripts.accept(results('stai', { is_final: true, start: 1.2, duration: 0.8 }))).toEqual([
    { type: 'final', text: 'ciao come stai', language: 'it' },
  ]);
  expect(transcripts.isOwed).toBe(false);
});
