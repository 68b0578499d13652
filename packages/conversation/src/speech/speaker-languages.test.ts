import { speakerIdSchema } from '@sophy/contracts/ids';
import { describe, expect, it } from 'vitest';
import {
  ends,
  hears,
  joins,
  playTimeline,
  type ScriptedEvent,
  type ScriptedLine,
  said,
  sounds,
  speaks,
  stops,
  types,
} from '../scripted-timeline.test-support.ts';
import { SpeakerLanguages } from './speaker-languages.ts';

const bob = speakerIdSchema.parse('bob');

/** The turns that the policy commits, with the language that each is answered in. */
function answeredTurns(lines: readonly ScriptedLine[]): string[] {
  const languages = new SpeakerLanguages(() => new Set(['sophy', 'anna', 'bob']));
  const heard = lines.map(([atMs, event]): ScriptedLine => {
    const told: ScriptedEvent = (at) => languages.withLanguage(event(at));
    return [atMs, told];
  });
  return playTimeline(heard).commands.flatMap(({ command }) => {
    if (command.type === 'prepare-reply') return [`prepared ${command.turn.name} ${command.turn.language}`];
    return command.type === 'record-turn' ? [`${command.turn.name} ${command.turn.language}`] : [];
  });
}

function utterance(
  speaker: string,
  id: string,
  text: string,
  fromMs: number,
  engineLanguage?: string,
): ScriptedLine[] {
  return [
    [fromMs, speaks(speaker)],
    [fromMs + 1_000, stops(speaker, id)],
    [fromMs + 1_100, said(speaker, id, text, engineLanguage)],
  ];
}

describe('languages of the people in a room', () => {
  it('answers Anna in Italian and Bob in English, whatever the engine believes', () => {
    const turns = answeredTurns([
      [0, joins('anna')],
      [0, joins('bob')],
      ...utterance('anna', 'a1', 'Sophy, che tempo fa domani a Roma?', 1_000, 'en'),
      [4_000, sounds('r1')],
      [5_000, ends('r1')],
      ...utterance('bob', 'b1', 'Sophy, what is the weather like in London?', 10_000),
      [14_000, sounds('r2')],
      [15_000, ends('r2')],
      ...utterance('anna', 'a2', 'Sophy, thanks', 20_000, 'en'),
      ...utterance('bob', 'b2', 'Sophy, ok', 30_000, 'it'),
    ]);
    expect(turns.filter((turn) => !turn.startsWith('prepared'))).toEqual([
      'anna it',
      'bob en',
      'anna it',
      'bob en',
    ]);
  });

  it('prepares an answer in the language that the first words tell', () => {
    const turns = answeredTurns([
      [0, joins('anna')],
      [1_000, speaks('anna')],
      [1_800, hears('anna', 'a1', 'che ore sono adesso')],
      [2_000, stops('anna', 'a1')],
      [2_100, said('anna', 'a1', 'che ore sono adesso')],
    ]);
    expect(new Set(turns)).toEqual(new Set(['prepared anna it', 'anna it']));
  });

  it('knows the language of typed words', () => {
    expect(
      answeredTurns([
        [0, joins('anna')],
        [1_000, types('anna', 'Quanto costa il biglietto?')],
        [30_000, types('anna', 'ok')],
        [60_000, types('anna', 'please speak English')],
      ]),
    ).toEqual(['anna it', 'anna it', 'anna en']);
  });

  it('counts an utterance once, however often its words come', () => {
    const languages = new SpeakerLanguages(() => new Set());
    const say = (id: string, text: string) => languages.withLanguage(hears('bob', id, text)(0));
    say('u1', 'what is the weather like');
    // Two of these in a row would be no stray word any more.
    say('u2', 'grazie');
    say('u2', 'grazie');
    expect(languages.languageOf(bob)).toBe('en');
    say('u3', 'va bene');
    expect(languages.languageOf(bob)).toBe('it');
    languages.forget(bob);
    expect(languages.languageOf(bob)).toBeUndefined();
  });
});
