import { expect, it } from 'vitest';
import { RealtimeTranscripts } from './realtime-transcripts.ts';

const committed = (item_id: string) => ({ type: 'input_audio_buffer.committed', item_id }) as const;
const delta = (item_id: string, text: string) =>
  ({ type: 'conversation.item.input_audio_transcription.delta', item_id, delta: text }) as const;
const completed = (item_id: string, transcript: string) =>
  ({ type: 'conversation.item.input_audio_transcription.completed', item_id, transcript }) as const;

it('gives finals in the order in which people spoke although the later one came first', () => {
  const transcripts = new RealtimeTranscripts('it');
  expect(transcripts.accept(committed('a'))).toEqual([]);
  transcripts.accept(committed('b'));
  expect(transcripts.accept(completed('b', 'second'))).toEqual([]);
  expect(transcripts.isOwed).toBe(true);
  expect(transcripts.accept(completed('a', 'first'))).toEqual([
    { type: 'final', text: 'first', language: 'it' },
    { type: 'final', text: 'second', language: 'it' },
  ]);
  expect(transcripts.isOwed).toBe(false);
});

it('makes deltas the text so far, each utterance for itself', () => {
  const transcripts = new RealtimeTranscripts(undefined);
  expect(transcripts.accept(delta('a', 'Hel'))).toEqual([{ type: 'interim', text: 'Hel' }]);
  expect(transcripts.accept(delta('a', 'lo '))).toEqual([{ type: 'interim', text: 'Hello' }]);
  expect(transcripts.accept(delta('b', ' '))).toEqual([]);
  expect(transcripts.accept(completed('a', ' Hello. '))).toEqual([
    { type: 'final', text: 'Hello.', language: undefined },
  ]);
});
