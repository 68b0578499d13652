import { describe, expect, it, vi } from 'vitest';
import { EngineError } from '../engine-error.ts';
import type { ServerMessage } from './realtime-messages.ts';
import { RealtimeSession, type RealtimeSessionOptions } from './realtime-session.ts';
import type { HeardUtterance } from './utterance-ear.ts';

const frameMs = 20;
/** One message of so many frames; the audio itself is made by the fake source: loud for 1, quiet for 0. */
function audio(loud: 0 | 1, ms: number) {
  return {
    type: 'input_audio_buffer.append' as const,
    audio: Buffer.alloc(ms / frameMs, loud).toString('base64'),
  };
}

function session(overrides: Partial<RealtimeSessionOptions> = {}) {
  const sent: ServerMessage[] = [];
  const heardMs: number[] = [];
  const finals: PromiseWithResolvers<HeardUtterance>[] = [];
  let abandoned = 0;
  let items = 0;
  const made = new RealtimeSession({
    send: (message) => sent.push(message),
    openFrames: () => ({
      push: (bytes) => [...bytes].map((loud) => new Float32Array(320).fill(loud === 1 ? 0.2 : 0)),
    }),
    openEars: async () => () => {
      const index = heardMs.push(0) - 1;
      const final = Promise.withResolvers<HeardUtterance>();
      finals.push(final);
      return {
        hear: () => {
          heardMs[index] = (heardMs[index] ?? 0) + frameMs;
        },
        finish: () => final.promise,
        abandon: () => {
          abandoned += 1;
        },
      };
    },
    newItemId: () => {
      items += 1;
      return `item_${items}`;
    },
    onFailure: () => undefined,
    ...overrides,
  });
  const types = () =>
    sent.map(({ type }) =>
      type.replace('conversation.item.input_audio_', '').replace('input_audio_buffer.', ''),
    );
  return {
    made,
    sent,
    finals,
    heardMs,
    abandoned: () => abandoned,
    types,
    until: (...expected: string[]) => vi.waitFor(() => expect(types()).toEqual(expected), { interval: 1 }),
  };
}

describe('RealtimeSession', () => {
  it('ends an utterance at the pause, with the beginning of its first word', async () => {
    const { made, sent, finals, heardMs, until } = session();
    made.receive(audio(0, 1_000));
    made.receive(audio(1, 400));
    made.receive(audio(0, 600));
    await until('session.created', 'speech_started', 'speech_stopped', 'committed');
    finals[0]?.resolve({ text: 'Ciao', language: 'it' });
    await until(
      'session.created',
      'speech_started',
      'speech_stopped',
      'committed',
      'transcription.completed',
    );
    expect(sent.at(-1)).toMatchObject({ item_id: 'item_1', transcript: 'Ciao', language: 'it' });
    // 300 ms before the gate opened, the rest of the speech and the pause that ended it.
    expect(heardMs[0]).toBe(300 + 340 + 20 + 500);
  });

  it('ends it when the client says so, and refuses to end nothing', async () => {
    const { made, sent, finals, until } = session();
    made.receive(audio(1, 400));
    made.receive({ type: 'input_audio_buffer.commit' });
    made.receive({ type: 'input_audio_buffer.commit' });
    await until('session.created', 'speech_started', 'committed', 'error');
    expect(sent.at(-1)).toMatchObject({ error: { code: 'input_audio_buffer_commit_empty' } });
    finals[0]?.resolve({ text: 'Hello', language: undefined });
    await until('session.created', 'speech_started', 'committed', 'error', 'transcription.completed');
  });

  it('hears the next utterance while the last one is still worked on', async () => {
    const { made, sent, finals, until } = session();
    made.receive(audio(1, 400));
    made.receive({ type: 'input_audio_buffer.commit' });
    made.receive(audio(1, 400));
    made.receive({ type: 'input_audio_buffer.commit' });
    await until('session.created', 'speech_started', 'committed', 'speech_started', 'committed');
    finals[1]?.resolve({ text: 'second', language: undefined });
    await vi.waitFor(() => expect(sent.at(-1)).toMatchObject({ item_id: 'item_2' }), { interval: 1 });
  });

  it('ends an utterance before it is longer than the model hears', async () => {
    const { made, types } = session();
    made.receive(audio(1, 29_000));
    await vi.waitFor(() => expect(types()).toContain('committed'), { interval: 1 });
  });

  it('leaves the ends to a client that wants them, silence or not', async () => {
    const { made, heardMs, until } = session();
    made.receive({ type: 'session.update', session: { audio: { input: { turn_detection: null } } } });
    made.receive(audio(0, 2_000));
    made.receive({ type: 'input_audio_buffer.commit' });
    await until('session.created', 'session.updated', 'committed');
    expect(heardMs).toEqual([2_000]);
  });

  it('says what is wrong with the settings and goes on', async () => {
    const { made, sent, until } = session({
      openEars: async () => {
        throw new EngineError('model_not_found', 'There is no such model.');
      },
    });
    made.receive({
      type: 'session.update',
      session: { audio: { input: { transcription: { model: 'x' } } } },
    });
    await until('session.created', 'error');
    expect(sent.at(-1)).toMatchObject({ error: { type: 'invalid_request_error', code: 'model_not_found' } });
  });

  it('tells of an utterance that could not be heard', async () => {
    const { made, sent, finals, until } = session();
    made.receive(audio(1, 400));
    made.receive({ type: 'input_audio_buffer.commit' });
    await until('session.created', 'speech_started', 'committed');
    finals[0]?.reject(new EngineError('overloaded', 'Too many wait.'));
    await until('session.created', 'speech_started', 'committed', 'transcription.failed');
    expect(sent.at(-1)).toMatchObject({ error: { code: 'overloaded' } });
  });

  it('lets an utterance go when the client has gone', async () => {
    const { made, abandoned, until } = session();
    made.receive(audio(1, 400));
    await until('session.created', 'speech_started');
    made.close();
    expect(abandoned()).toBe(1);
  });
});
