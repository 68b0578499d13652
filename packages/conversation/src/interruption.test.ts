/** Speech over a reply: the first sound holds the voice, then its words, length and likeness decide. */
import { describe, expect, it } from 'vitest';
import type { PolicySettings } from './policy-settings.ts';
import {
  ends,
  hears,
  isLost,
  joins,
  leaves,
  playTimeline,
  pressesStop,
  type ScriptedLine,
  said,
  settingsBecome,
  sounds,
  soundsLikeAgent,
  speaks,
  stops,
  types,
  utteredBy,
} from './scripted-timeline.test-support.ts';

const alone: readonly ScriptedLine[] = [[0, joins('anna')]];
const company: readonly ScriptedLine[] = [...alone, [0, joins('bruno')]];
/** The agent answers Anna and sounds from 500 ms on. */
const story: readonly ScriptedLine[] = [
  [0, types('anna', 'Sophy, tell a story')],
  [500, sounds('r1')],
  [500, utteredBy('r1', 'Once upon a time there was a king who lived on seven hills.')],
];

/** What was done to the voice, and why; what came before the first hold is left out. */
function voiceLog(lines: readonly ScriptedLine[], settings: Partial<PolicySettings> = {}): readonly string[] {
  const { log } = playTimeline(lines, { settings, untilMs: 20_000 });
  return log.filter((line) => /duck|resume|stop|ignore/.test(line));
}

describe('speech over a reply', () => {
  it('stops it by the words as soon as they are real', () => {
    const log = voiceLog([
      ...company,
      ...story,
      [1000, speaks('bruno')],
      [1250, hears('bruno', 'u1', 'no')],
      [1300, hears('bruno', 'u1', 'no that was')],
    ]);
    expect(log).toEqual([
      '1000 duck-voice r1',
      '1300 stop-reply r1',
      '1300 decision t1 bruno real-words stop',
    ]);
  });

  it('stops it when the speech lasts and recognition is silent', () => {
    expect(voiceLog([...company, ...story, [1000, speaks('bruno')]])).toEqual([
      '1000 duck-voice r1',
      '1500 stop-reply r1',
      '1500 decision t1 bruno lasting-speech stop',
    ]);
  });

  it('stops it at the order to stop, one word long', () => {
    const log = voiceLog([...alone, ...story, [1000, speaks('anna')], [1200, hears('anna', 'u1', 'Basta')]]);
    expect(log).toContain('1200 decision t1 anna stop-word stop');
  });

  it('goes on after a nod', () => {
    const log = voiceLog([
      ...company,
      ...story,
      [1000, speaks('bruno')],
      [1200, hears('bruno', 'u1', 'sì')],
      [1300, stops('bruno')],
      [1400, said('bruno', 'u1', 'Sì, sì.')],
    ]);
    expect(log).toEqual([
      '1000 duck-voice r1',
      '1300 resume-voice r1',
      '1300 decision t1 bruno back-channel resume',
    ]);
  });

  it('does not answer a nod, alone or in company', () => {
    const { log } = playTimeline(
      [
        ...alone,
        ...story,
        [1000, speaks('anna')],
        [1300, stops('anna')],
        [1400, said('anna', 'u1', 'mm-hm')],
      ],
      { untilMs: 5_000 },
    );
    expect(log).toContain('1600 decision t2 anna back-channel silent');
  });

  it('takes a yes for an answer when the agent has asked', () => {
    const log = voiceLog([
      ...alone,
      [0, types('anna', 'book a table')],
      [500, sounds('r1')],
      [500, utteredBy('r1', 'For nine o clock?')],
      [1000, speaks('anna')],
      [1200, hears('anna', 'u1', 'yes')],
    ]);
    expect(log).toContain('1200 decision t1 anna answer-to-question stop');
  });

  it('goes on when a nod turns out to go on too, until its words are real', () => {
    const log = voiceLog([
      ...company,
      ...story,
      [1000, speaks('bruno')],
      [1300, stops('bruno')],
      [1400, said('bruno', 'u1', 'ok')],
      [1700, speaks('bruno')],
      [2000, hears('bruno', 'u2', 'but which king')],
    ]);
    expect(log).toEqual([
      '1000 duck-voice r1',
      '1400 resume-voice r1',
      '1400 decision t1 bruno back-channel resume',
      '2000 stop-reply r1',
      '2000 decision t1 bruno real-words stop',
    ]);
  });

  it('goes on when half a nod is known and the person is silent by now', () => {
    const log = voiceLog([
      ...company,
      ...story,
      [1000, speaks('bruno')],
      [1250, hears('bruno', 'u1', 'Got')],
      [1380, stops('bruno')],
      [1560, said('bruno', 'u1', 'Got it.')],
    ]);
    expect(log).toEqual([
      '1000 duck-voice r1',
      '1500 resume-voice r1',
      '1500 decision t1 bruno short-speech resume',
    ]);
  });

  it('goes on after a cough', () => {
    const log = voiceLog([
      ...company,
      ...story,
      [1000, speaks('bruno')],
      [1250, stops('bruno')],
      [1350, said('bruno', 'u1', '')],
    ]);
    expect(log).toEqual([
      '1000 duck-voice r1',
      '1350 resume-voice r1',
      '1350 decision t1 bruno noise resume',
    ]);
  });

  it('goes on at once after a click, and in time where words are late; late words still stop it', () => {
    const click = [...alone, ...story, [1000, speaks('anna')], [1060, stops('anna')]] as const;
    expect(voiceLog(click)).toContain('1060 decision t1 anna short-speech resume');
    const late = voiceLog([
      ...alone,
      ...story,
      [1000, speaks('anna')],
      [1300, stops('anna')],
      [1900, said('anna', 'u1', 'Which king?')],
    ]);
    expect(late).toEqual([
      '1000 duck-voice r1',
      '1500 resume-voice r1',
      '1500 decision t1 anna short-speech resume',
      '1900 stop-reply r1',
      '1900 decision t1 anna real-words stop',
    ]);
  });

  it('goes on when people talk to each other by name', () => {
    const log = voiceLog([
      ...company,
      ...story,
      [1000, speaks('bruno')],
      [1300, hears('bruno', 'u1', 'Anna, pass me the salt')],
    ]);
    expect(log).toContain('1300 decision t1 bruno side-talk resume');
  });

  it('goes on over its own voice, known by its sound or by its words', () => {
    const bySound = voiceLog([
      ...alone,
      ...story,
      [1000, speaks('anna')],
      [1150, stops('anna')],
      [1200, soundsLikeAgent('anna', 0.9)],
      [1300, said('anna', 'u1', 'a time')],
    ]);
    expect(bySound).toContain('1200 decision t1 anna own-voice resume');
    expect(bySound).toContain('1450 decision t2 anna own-voice ignore');
    const byWords = voiceLog([
      ...alone,
      ...story,
      [1000, speaks('anna')],
      [1300, hears('anna', 'u1', 'upon a time there was')],
    ]);
    expect(byWords).toContain('1300 decision t1 anna own-voice resume');
  });

  it('is stopped by an order over its own echo', () => {
    const log = voiceLog([
      ...alone,
      ...story,
      [1000, speaks('anna')],
      [1160, soundsLikeAgent('anna', 0.9)],
      [1400, hears('anna', 'u1', 'stop')],
    ]);
    expect(log.at(-1)).toBe('1400 decision t1 anna stop-word stop');
  });

  it('takes nobody for itself who then sounds like a person', () => {
    const { log } = playTimeline(
      [
        ...alone,
        ...story,
        [1000, speaks('anna')],
        [1160, soundsLikeAgent('anna', 0.6)],
        [1320, soundsLikeAgent('anna', 0.1)],
        [1500, stops('anna')],
        [1600, said('anna', 'u1', 'Which one?')],
      ],
      { untilMs: 5_000 },
    );
    expect(log).toContain('1800 record-turn t2 anna: Which one?');
  });

  it('does not hold the voice again for a microphone that hears the agent', () => {
    const log = voiceLog([
      ...alone,
      ...story,
      [1000, speaks('anna')],
      [1150, stops('anna')],
      [1200, soundsLikeAgent('anna', 0.9)],
      [1300, said('anna', 'u1', 'a time')],
      [4000, speaks('anna')],
    ]);
    expect(log.filter((line) => line.includes('duck-voice'))).toEqual(['1000 duck-voice r1']);
  });

  it('gives the voice back when the last of two is settled', () => {
    const log = voiceLog([
      ...company,
      ...story,
      [1000, speaks('bruno')],
      [1040, speaks('anna')],
      [1080, stops('bruno')],
      [1120, stops('anna')],
    ]);
    expect(log).toEqual([
      '1000 duck-voice r1',
      '1080 decision t1 bruno short-speech ignore',
      '1120 resume-voice r1',
      '1120 decision t1 anna short-speech resume',
    ]);
  });

  it('works while the agent thinks, for the one who is answered', () => {
    expect(voiceLog([...alone, [0, types('anna', 'tell a story')], [200, speaks('anna')]])).toEqual([
      '200 duck-voice r1',
      '700 stop-reply r1',
      '700 decision t1 anna lasting-speech stop',
    ]);
  });

  it('lets others finish before the answer begins, and is not stopped by them', () => {
    const log = voiceLog([
      ...company,
      [0, speaks('bruno')],
      [50, types('anna', 'Sophy, tell a story')],
      [2000, stops('bruno')],
      [2100, said('bruno', 'u1', 'and that was our holiday')],
    ]);
    expect(log).toEqual([
      '50 duck-voice r1',
      '2300 resume-voice r1',
      '2300 decision t1 bruno speaks-first resume',
    ]);
  });

  it('has patience for ten seconds', () => {
    const log = voiceLog([
      ...company,
      [0, speaks('bruno')],
      [50, types('anna', 'Sophy, tell a story')],
      [1000, hears('bruno', 'u1', 'now listen to this')],
    ]);
    expect(log.at(-1)).toBe('10050 decision t1 bruno patience-over resume');
  });

  it('is only for those who may interrupt', () => {
    const lines = [...company, ...story, [1000, speaks('bruno')], [1800, speaks('anna')]] as const;
    expect(voiceLog(lines, { bargeIn: 'addressee' })).toEqual([
      '1000 decision t1 bruno may-not-interrupt ignore',
      '1800 duck-voice r1',
      '2300 stop-reply r1',
      '2300 decision t1 anna lasting-speech stop',
    ]);
    expect(voiceLog(lines, { bargeIn: 'nobody' })).toEqual([
      '1000 decision t1 bruno may-not-interrupt ignore',
      '1800 decision t1 anna may-not-interrupt ignore',
    ]);
  });

  it('is for nobody during a confirmation when set so', () => {
    const lines = [
      ...alone,
      ...story,
      [900, utteredBy('r1', 'Shall I book it for Tuesday at nine?')],
      [1000, speaks('anna')],
    ] as const;
    expect(voiceLog(lines, { bargeInDuringConfirmations: false })).toEqual([
      '1000 decision t1 anna may-not-interrupt ignore',
    ]);
    expect(voiceLog(lines)).toContain('1000 duck-voice r1');
  });

  it('gives the voice back when the setting changes while it is judged', () => {
    const log = voiceLog([
      ...alone,
      ...story,
      [1000, speaks('anna')],
      [1050, settingsBecome({ bargeIn: 'nobody' })],
    ]);
    expect(log).toEqual([
      '1000 duck-voice r1',
      '1500 resume-voice r1',
      '1500 decision t1 anna may-not-interrupt resume',
    ]);
  });

  it('gives the voice back when the speaker leaves', () => {
    const log = voiceLog([...company, ...story, [1000, speaks('bruno')], [1050, leaves('bruno')]]);
    expect(log).toEqual(['1000 duck-voice r1', '1050 resume-voice r1', '1050 decision t1 bruno left resume']);
  });

  it('comes from the button too, once', () => {
    const log = voiceLog([
      ...company,
      ...story,
      [700, pressesStop('bruno')],
      [701, pressesStop('bruno')],
      [720, ends('r1', 'interrupted')],
    ]);
    expect(log).toContain('700 decision t1 bruno stop-request stop');
    expect(log.filter((line) => line.includes('stop-reply'))).toHaveLength(1);
  });

  it('is nothing while the agent is silent', () => {
    expect(voiceLog([...company, [700, pressesStop('bruno')], [800, speaks('anna')]])).toEqual([]);
  });

  it('by sound alone ends with the third stretch without a word, and comes back with words', () => {
    const cough = (atMs: number, id: string): readonly ScriptedLine[] => [
      [atMs, speaks('bruno')],
      [atMs + 200, stops('bruno')],
      [atMs + 300, said('bruno', id, '')],
    ];
    const noisy = [
      ...company,
      ...story,
      ...cough(1000, 'u1'),
      ...cough(2500, 'u2'),
      ...cough(4000, 'u3'),
      ...cough(5500, 'u4'),
    ];
    expect(voiceLog(noisy).filter((line) => line.includes('duck'))).toHaveLength(3);
    const withWords = [...noisy, [7000, speaks('bruno')], [7400, hears('bruno', 'u5', 'no wait')]] as const;
    expect(voiceLog(withWords)).toContain('7400 decision t1 bruno stop-word stop');
  });

  it('that never ends and has no words lets a reply begin', () => {
    const log = voiceLog([...company, [0, speaks('bruno')], [50, types('anna', 'Sophy, tell a story')]]);
    expect(log.at(-1)).toBe('4500 decision t1 bruno noise resume');
  });

  it('on a lane whose recognition fails is judged by its length', () => {
    const log = voiceLog([
      ...alone,
      ...story,
      [1000, speaks('anna')],
      [1300, stops('anna')],
      [1400, isLost('anna', 'u1')],
    ]);
    expect(log.at(-1)).toBe('1400 decision t1 anna noise resume');
  });
});
