import { describe, expect, it } from 'vitest';
import {
  ends,
  joins,
  leaves,
  playTimeline,
  pressesStop,
  type ScriptedLine,
  said,
  settingsBecome,
  sounds,
  speaks,
  stops,
  types,
} from '../scripted-timeline.test-support.ts';

const alone: readonly ScriptedLine[] = [[0, joins('anna')]];
const company: readonly ScriptedLine[] = [
  [0, joins('anna')],
  [0, joins('bruno')],
];

describe('barge-in', () => {
  it('stops the voice when the speech lasts', () => {
    const played = playTimeline([
      ...company,
      [0, types('anna', 'Sophy, tell a story')],
      [500, sounds('r1')],
      [1000, speaks('bruno')],
      [1140, ends('r1', 'interrupted')],
      [2000, stops('bruno')],
      [2100, said('bruno', 'u1', 'wait a moment')],
    ]);
    expect(played.log).toEqual([
      '0 record-turn t1 anna: Sophy, tell a story',
      '0 decision t1 anna addressed answer',
      '0 start-reply r1 for t1',
      '0 state thinking addressed',
      '500 state speaking addressed',
      '1000 duck-voice r1',
      '1100 stop-reply r1',
      '1100 decision t1 bruno barge-in stop',
      '1140 state listening barge-in',
      '1140 window follow-up anna until 9140',
      '2300 record-turn t2 bruno: wait a moment',
      '2300 close-utterance bruno',
      '2300 decision t2 bruno record-only silent',
      '2300 window follow-up anna closes',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('gives the voice back after a cough', () => {
    const played = playTimeline([
      ...company,
      [0, types('anna', 'Sophy, tell a story')],
      [500, sounds('r1')],
      [1000, speaks('bruno')],
      [1080, stops('bruno')],
      [1200, said('bruno', 'u1', '')],
      [3000, ends('r1')],
    ]);
    expect(played.log).toEqual([
      '0 record-turn t1 anna: Sophy, tell a story',
      '0 decision t1 anna addressed answer',
      '0 start-reply r1 for t1',
      '0 state thinking addressed',
      '500 state speaking addressed',
      '1000 duck-voice r1',
      '1080 resume-voice r1',
      '1080 decision t1 bruno barge-in resume',
      '1200 close-utterance bruno',
      '3000 state listening reply-complete',
      '3000 window follow-up anna until 11000',
      '11000 window follow-up anna closes',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('gives the voice back when the last of two is silent', () => {
    const played = playTimeline([
      ...company,
      [0, types('anna', 'Sophy, tell a story')],
      [500, sounds('r1')],
      [1000, speaks('bruno')],
      [1040, speaks('anna')],
      [1080, stops('bruno')],
      [1120, stops('anna')],
    ]);
    expect(played.log).toEqual([
      '0 record-turn t1 anna: Sophy, tell a story',
      '0 decision t1 anna addressed answer',
      '0 start-reply r1 for t1',
      '0 state thinking addressed',
      '500 state speaking addressed',
      '1000 duck-voice r1',
      '1120 resume-voice r1',
      '1120 decision t1 anna barge-in resume',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('works while the agent thinks', () => {
    const played = playTimeline([...alone, [0, types('anna', 'tell a story')], [200, speaks('anna')]]);
    expect(played.log).toEqual([
      '0 record-turn t1 anna: tell a story',
      '0 decision t1 anna only-human answer',
      '0 start-reply r1 for t1',
      '0 state thinking only-human',
      '200 duck-voice r1',
      '300 stop-reply r1',
      '300 decision t1 anna barge-in stop',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('counts from the first voiced sample, even when that is past', () => {
    const played = playTimeline([
      ...alone,
      [0, types('anna', 'tell a story')],
      [300, (atMs) => ({ ...speaks('anna')(100), atMs })],
    ]);
    expect(played.log).toEqual([
      '0 record-turn t1 anna: tell a story',
      '0 decision t1 anna only-human answer',
      '0 start-reply r1 for t1',
      '0 state thinking only-human',
      '300 duck-voice r1',
      '300 stop-reply r1',
      '300 decision t1 anna barge-in stop',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('is only for the addressee when set so', () => {
    const played = playTimeline(
      [...company, [0, types('anna', 'Sophy, tell a story')], [500, speaks('bruno')], [800, speaks('anna')]],
      { settings: { bargeIn: 'addressee' } },
    );
    expect(played.log).toEqual([
      '0 record-turn t1 anna: Sophy, tell a story',
      '0 decision t1 anna addressed answer',
      '0 start-reply r1 for t1',
      '0 state thinking addressed',
      '800 duck-voice r1',
      '900 stop-reply r1',
      '900 decision t1 anna barge-in stop',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('is for nobody when set so', () => {
    const played = playTimeline([...alone, [0, types('anna', 'tell a story')], [500, speaks('anna')]], {
      settings: { bargeIn: 'nobody' },
    });
    expect(played.log).toEqual([
      '0 record-turn t1 anna: tell a story',
      '0 decision t1 anna only-human answer',
      '0 start-reply r1 for t1',
      '0 state thinking only-human',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('gives the voice back when the setting changes while it is judged', () => {
    const played = playTimeline([
      ...alone,
      [0, types('anna', 'tell a story')],
      [500, speaks('anna')],
      [550, settingsBecome({ bargeIn: 'nobody' })],
    ]);
    expect(played.log).toEqual([
      '0 record-turn t1 anna: tell a story',
      '0 decision t1 anna only-human answer',
      '0 start-reply r1 for t1',
      '0 state thinking only-human',
      '500 duck-voice r1',
      '600 resume-voice r1',
      '600 decision t1 anna barge-in resume',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('stops a reply that begins while another person goes on speaking', () => {
    const played = playTimeline([
      ...company,
      [0, speaks('bruno')],
      [50, types('anna', 'Sophy, tell a story')],
    ]);
    expect(played.log).toEqual([
      '50 record-turn t1 anna: Sophy, tell a story',
      '50 decision t1 anna addressed answer',
      '50 start-reply r1 for t1',
      '50 state thinking addressed',
      '150 stop-reply r1',
      '150 decision t1 bruno barge-in stop',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('lets a reply begin when the other person falls silent', () => {
    const played = playTimeline([
      ...company,
      [0, speaks('bruno')],
      [50, types('anna', 'Sophy, tell a story')],
      [100, stops('bruno')],
    ]);
    expect(played.log).toEqual([
      '50 record-turn t1 anna: Sophy, tell a story',
      '50 decision t1 anna addressed answer',
      '50 start-reply r1 for t1',
      '50 state thinking addressed',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('comes from the button too, once', () => {
    const played = playTimeline([
      ...company,
      [0, types('anna', 'Sophy, tell a story')],
      [500, sounds('r1')],
      [700, pressesStop('bruno')],
      [701, pressesStop('bruno')],
      [720, ends('r1', 'interrupted')],
    ]);
    expect(played.log).toEqual([
      '0 record-turn t1 anna: Sophy, tell a story',
      '0 decision t1 anna addressed answer',
      '0 start-reply r1 for t1',
      '0 state thinking addressed',
      '500 state speaking addressed',
      '700 stop-reply r1',
      '700 decision t1 bruno stop-request stop',
      '720 state listening stop-request',
      '720 window follow-up anna until 8720',
      '8720 window follow-up anna closes',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('is nothing while the agent is silent', () => {
    const played = playTimeline([...company, [700, pressesStop('bruno')], [800, speaks('anna')]]);
    expect(played.log).toEqual([]);
    expect(played.pendingTimers).toEqual([]);
  });

  it('gives the voice back when the speaker leaves', () => {
    const played = playTimeline([
      ...company,
      [0, types('anna', 'Sophy, tell a story')],
      [500, speaks('bruno')],
      [550, leaves('bruno')],
    ]);
    expect(played.log).toEqual([
      '0 record-turn t1 anna: Sophy, tell a story',
      '0 decision t1 anna addressed answer',
      '0 start-reply r1 for t1',
      '0 state thinking addressed',
      '500 duck-voice r1',
      '550 resume-voice r1',
      '550 decision t1 bruno barge-in resume',
    ]);
    expect(played.pendingTimers).toEqual([]);
  });
});
