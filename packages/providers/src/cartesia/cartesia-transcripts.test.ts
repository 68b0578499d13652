import { expect, it } from 'vitest';
import { CartesiaTranscripts } from './cartesia-transcripts.ts';

const piece = (text: string, is_final: boolean) => ({ type: 'transcript', text, is_final }) as const;
const flushed = { type: 'flush_done' } as const;

it('joins the pieces between two commits as they are, spaces included', () => {
  const transcripts = new CartesiaTranscripts('it', false);
  expect(transcripts.accept(piece('Che tempo ', true))).toEqual([{ type: 'interim', text: 'Che tempo' }]);
  expect(transcripts.accept(piece('fa', false))).toEqual([{ type: 'interim', text: 'Che tempo fa' }]);
  transcripts.commit();
  transcripts.accept(piece('fa domani?', true));
  expect(transcripts.isOwed).toBe(true);
  expect(transcripts.accept(flushed)).toEqual([
    { type: 'final', text: 'Che tempo fa domani?', language: 'it' },
  ]);
  expect(transcripts.isOwed).toBe(false);
});

it('ends an utterance at the final piece of a model that hears pauses itself', () => {
  const transcripts = new CartesiaTranscripts('it', true);
  expect(transcripts.accept(piece('Ciao.', true))).toEqual([
    { type: 'final', text: 'Ciao.', language: 'it' },
  ]);
  expect(transcripts.accept(flushed)).toEqual([]);
});
