import type { RoomNotice } from '@sophy/contracts/room-messages';
import { act, fireEvent, screen, within } from '@testing-library/react';
import { Room } from 'livekit-client';
import { expect, test, vi } from 'vitest';
import { renderPage } from '../testing/render-page.tsx';
import { applyNotice } from './apply-notice.ts';
import { type CallSession, CallView } from './call-view.tsx';
import { applyCaptionEvent } from './caption-store.ts';
import { initialSnapshot, type RoomSnapshot } from './room-snapshot.ts';

const person = (identity: string, name: string, isLocal: boolean) => ({
  identity,
  name,
  isLocal,
  isSpeaking: false,
  audioLevel: 0,
  microphone: 'on' as const,
});
const inCall: RoomSnapshot = {
  ...initialSnapshot,
  connection: { phase: 'connected', wasInterrupted: false },
  people: [person('anna-1', 'Anna', true), person('bo-1', 'Bo', false)],
  agent: { identity: 'agent-1', name: 'Sophy', state: 'listening', reason: '', brain: '' },
  microphone: { isOn: true, isPublished: true, isChanging: false, problem: null },
};

/** A call whose snapshot the test changes; what the page asks of it is recorded. */
async function drawCall(snapshot: RoomSnapshot = inCall) {
  let current = snapshot;
  const listeners = new Set<() => void>();
  const session = {
    room: new Room(),
    intent: { roomName: 'library', participantName: 'Anna', microphone: null },
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => current,
    rejoin: vi.fn(async () => undefined),
    setMicrophone: vi.fn(async (_isOn: boolean) => undefined),
    sendTyped: vi.fn(async () => undefined),
    stopSpeaking: vi.fn(async () => undefined),
    answerNow: vi.fn(async () => undefined),
    raiseHand: vi.fn(async (_raised: boolean) => undefined),
    unlockAudio: vi.fn(async () => undefined),
  } satisfies CallSession;
  await renderPage(() => <CallView session={session} onLeave={() => undefined} />);
  await screen.findByRole('heading', { name: 'library' });
  const change = (next: (before: RoomSnapshot) => RoomSnapshot) =>
    act(() => {
      current = next(current);
      for (const listener of listeners) listener();
    });
  return { session, change };
}

const handUp = (speaker: string) => (before: RoomSnapshot) =>
  applyNotice(before, { type: 'hand', speaker, isRaised: true }, 0);

test('the hand goes up by button, is shown beside the name to everybody, and comes down by the same button', async () => {
  const { session, change } = await drawCall();
  const raise = screen.getByRole('button', { name: /Raise hand/ });
  expect(raise.getAttribute('title')).toBe('Raise hand (H)');
  fireEvent.click(raise);
  expect(session.raiseHand).toHaveBeenLastCalledWith(true);
  expect(screen.queryByText('hand raised')).toBeNull();
  change(handUp('anna-1'));
  const people = within(screen.getByRole('region', { name: '2 people here' }));
  expect(people.getAllByText('hand raised')).toHaveLength(1);
  fireEvent.click(screen.getByRole('button', { name: /Lower hand/ }));
  expect(session.raiseHand).toHaveBeenLastCalledWith(false);
});

test('somebody else’s hand does not press one’s own button', async () => {
  const { change } = await drawCall();
  change(handUp('bo-1'));
  expect(screen.getByRole('button', { name: /Raise hand/ })).toBeDefined();
  expect(screen.getAllByText('hand raised')).toHaveLength(1);
});

test('a hand that the agent did not see is told in words', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const { session } = await drawCall();
  session.raiseHand.mockRejectedValueOnce(new Error('timeout'));
  fireEvent.click(screen.getByRole('button', { name: /Raise hand/ }));
  expect(await screen.findByText('Your hand was not seen. Try again.')).toBeDefined();
  warn.mockRestore();
});

test('keys of the call do what their buttons do, and nothing while somebody types', async () => {
  const { session } = await drawCall();
  const message = screen.getByLabelText('Message');
  for (const key of ['h', 'a', 'm']) fireEvent.keyDown(message, { key });
  expect(session.raiseHand).not.toHaveBeenCalled();
  expect(session.answerNow).not.toHaveBeenCalled();
  for (const key of ['h', 'a', 'm']) fireEvent.keyDown(document.body, { key });
  expect(session.raiseHand).toHaveBeenCalledExactlyOnceWith(true);
  expect(session.answerNow).toHaveBeenCalledOnce();
  expect(session.setMicrophone).toHaveBeenCalledExactlyOnceWith(false);
});

test('an answer can be asked for while the agent listens, and stopped while it speaks', async () => {
  const { session, change } = await drawCall();
  fireEvent.click(screen.getByRole('button', { name: /Answer now/ }));
  expect(session.answerNow).toHaveBeenCalledOnce();
  expect(screen.getByRole('button', { name: /Stop speaking/ })).toHaveProperty('disabled', true);
  change((before) => ({ ...before, agent: before.agent && { ...before.agent, state: 'speaking' } }));
  expect(screen.getByRole('button', { name: /Answer now/ })).toHaveProperty('disabled', true);
  fireEvent.keyDown(document.body, { key: 'Escape' });
  expect(session.stopSpeaking).toHaveBeenCalledOnce();
});

test('the page says what the agent waits for, then what it decided and why, and who is next', async () => {
  const { change } = await drawCall();
  change((before) =>
    applyNotice(before, { type: 'waiting', speaker: 'bo-1', reason: 'unfinished-sentence', untilMs: 1 }, 0),
  );
  expect(screen.getByTestId('agent-reason').textContent).toBe('Waits for Bo: unfinished sentence');
  change((before) =>
    applyNotice(
      { ...before, waiting: [] },
      {
        type: 'decision',
        turnId: 't1',
        speaker: 'anna-1',
        rule: 'record-only',
        action: 'silent',
        evidence: {},
      },
      0,
    ),
  );
  expect(screen.getByTestId('agent-reason').textContent).toBe('No answer for Anna: not addressed');
  expect(screen.getByRole('status').textContent).toBe('Stayed silent: not addressed');
  change((before) => applyNotice(before, { type: 'queue', speakers: ['bo-1', 'anna-1'] }, 0));
  expect(screen.getByTestId('agent-queue').textContent).toBe('Next: Bo, Anna');
});

test('how each person is heard stands beside the name', async () => {
  const { change } = await drawCall();
  change((before) => ({ ...before, hearing: { 'anna-1': 'hearing', 'bo-1': 'failing' } }));
  expect(screen.getByText('Sophy hears')).toBeDefined();
  expect(screen.getByText('words not understood')).toBeDefined();
  change((before) => ({ ...before, hearing: { 'bo-1': 'noisy' } }));
  expect(screen.getByText('noisy microphone')).toBeDefined();
  expect(screen.getByText('microphone on')).toBeDefined();
});

test('a wake window counts down by the second under the person’s name', async () => {
  vi.useFakeTimers({ now: 100_000, shouldAdvanceTime: true });
  try {
    const { change } = await drawCall();
    change((before) =>
      applyNotice(
        before,
        { type: 'window', window: 'wake', speaker: 'bo-1', untilMs: Date.now() + 20_000 },
        0,
      ),
    );
    expect(screen.getByText('Listening for Bo’s question: 20 s')).toBeDefined();
    await act(() => vi.advanceTimersByTimeAsync(5_000));
    expect(screen.getByText('Listening for Bo’s question: 15 s')).toBeDefined();
    await act(() => vi.advanceTimersByTimeAsync(16_000));
    expect(screen.queryByText(/Listening for Bo/)).toBeNull();
  } finally {
    vi.useRealTimers();
  }
});

test('an answered turn carries rule, evidence and the parts of its time; a private one says who sees it', async () => {
  const { change } = await drawCall();
  const anna = { speaker: 'anna-1', name: 'Anna', isAgent: false, isLocal: true };
  change((before) => {
    const captions = applyCaptionEvent(
      applyCaptionEvent(before.captions, {
        type: 'typed',
        id: 'p1',
        by: anna,
        text: 'psst',
        isPrivate: true,
        atMs: 0,
      }),
      { type: 'segment-text', segmentId: 's1', by: anna, text: 'Sophy?', streamNumber: 1, atMs: 0 },
    );
    const decision: RoomNotice = {
      type: 'decision',
      turnId: 't1',
      speaker: 'anna-1',
      rule: 'addressed',
      action: 'answer',
      evidence: { waitMs: 350 },
    };
    const timing: RoomNotice = {
      type: 'timing',
      turnId: 't1',
      endOfTurnMs: 300,
      sttMs: 100,
      llmMs: 200,
      ttsMs: 50,
      totalMs: 650,
    };
    return applyNotice(applyNotice({ ...before, captions }, decision, 0), timing, 0);
  });
  const details = within(screen.getByTestId('line-decision'));
  expect(details.getByText(/Answered · called by name/).textContent).toContain('0.65 s');
  expect(details.getByText('addressed')).toBeDefined();
  expect(details.getByText('350 ms')).toBeDefined();
  expect(details.getByText('Recognition').nextElementSibling?.textContent).toBe('0.10 s');
  expect(screen.getByText('only you see this')).toBeDefined();
});
