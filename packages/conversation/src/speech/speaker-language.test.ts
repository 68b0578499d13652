import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAddressingSet } from '../addressing-set.ts';
import { askedLanguage } from './asked-language.ts';
import { detectLanguage } from './detect-language.ts';
import { followSpeakerLanguage, type SpeakerLanguage, unknownSpeakerLanguage } from './speaker-language.ts';
import { asSpokenLanguage, type SpokenLanguage } from './spoken-language.ts';

describe('language of words', () => {
  it.each<[text: string, language: SpokenLanguage | 'unknown']>([
    ['sì', 'it'],
    ['ok sì', 'it'],
    ['no grazie', 'it'],
    ['va bene', 'it'],
    ['dimmi', 'it'],
    ['perché?', 'it'],
    ['che ore sono', 'it'],
    ["com'è il tempo", 'it'],
    ['dov’è la stazione', 'it'],
    ['basta', 'it'],
    ['aspetta un attimo', 'it'],
    ['yes please', 'en'],
    ['thanks', 'en'],
    ['okay, go on', 'en'],
    ['sure', 'en'],
    ['why?', 'en'],
    ['what time is it', 'en'],
    ['wait a second', 'en'],
    ["don't know", 'en'],
    ['send me an email', 'en'],
    ['mandami una email', 'it'],
    ['il meeting è alle tre', 'it'],
    ['ok', 'unknown'],
    ['no', 'unknown'],
    ['Sophy?', 'unknown'],
    ['', 'unknown'],
    ['...', 'unknown'],
    ['12', 'unknown'],
  ])('%j: %s', (text, language) => {
    expect(detectLanguage(text).language).toBe(language);
  });

  it.each(['held-out', 'fresh', 'tuning'])('is told of the addressing set %s, and never wrongly', (name) => {
    const set = parseAddressingSet(
      readFileSync(new URL(`../../addressing-set/${name}.tsv`, import.meta.url), 'utf8'),
    );
    const told = set.map(({ language, text }) => ({ language, seen: detectLanguage(text).language, text }));
    expect(told.filter(({ language, seen }) => seen !== 'unknown' && seen !== language)).toEqual([]);
    expect(told.filter(({ language, seen }) => seen === language).length / told.length).toBeGreaterThan(0.96);
  });

  it.each<[name: string | undefined, language: SpokenLanguage | undefined]>([
    ['it', 'it'],
    ['it-IT', 'it'],
    ['italian', 'it'],
    ['en_US', 'en'],
    ['english', 'en'],
    ['de', undefined],
    ['item', undefined],
    [undefined, undefined],
  ])('an engine says %j: %j', (name, language) => {
    expect(asSpokenLanguage(name)).toBe(language);
  });
});

describe('request for a language', () => {
  it.each<[text: string, language: SpokenLanguage | undefined]>([
    ['parla italiano', 'it'],
    ['Sophy, parlami in inglese per favore', 'en'],
    ['puoi parlare in italiano?', 'it'],
    ['rispondi sempre in italiano', 'it'],
    ['speak English', 'en'],
    ['can you speak Italian please', 'it'],
    ['please answer in English', 'en'],
    ["let's switch to Italian", 'it'],
    ['in English, please', 'en'],
    ['in italiano, per favore', 'it'],
    ['non capisco l’inglese', 'it'],
    ["I don't speak Italian", 'en'],
    ['parlo solo italiano', 'it'],
    ['come si dice cacciavite in inglese', undefined],
    ['how do you say it in Italian', undefined],
    ['do you speak English?', undefined],
    ['loro parlano inglese', undefined],
    ['lui parla inglese bene', undefined],
    ['the English weather', undefined],
    ['Sophy parla italiano', 'it'],
    ['ti dispiace parlare inglese', 'en'],
    ['no, in English please', 'en'],
    ['say that in Italian, please', 'it'],
    ['traduci in inglese, per favore', undefined],
    ['translate this in Italian please', undefined],
    ['say hello in Italian please', undefined],
    ['scrivi la mail in inglese per favore', undefined],
    ['mia sorella parla italiano', undefined],
    ['chi parla italiano qui?', undefined],
    ['Marco parla inglese', undefined],
    ['we speak English at home', undefined],
    ['my wife speaks Italian', undefined],
    ['Marco non parla inglese', undefined],
    ['ciao', undefined],
  ])('%j: %j', (text, language) => {
    expect(askedLanguage(text)).toBe(language);
  });
});

describe('language of a speaker', () => {
  function follow(...heard: readonly (readonly [text: string, engine?: string])[]): SpeakerLanguage {
    return heard.reduce<SpeakerLanguage>(
      (known, [text, engineLanguage]) => followSpeakerLanguage(known, { text, engineLanguage }),
      unknownSpeakerLanguage,
    );
  }

  it.each<[what: string, heard: (readonly [string, string?])[], language: SpokenLanguage | undefined]>([
    ['nothing that tells', [['ok']], undefined],
    ['a first short word', [['sì']], 'it'],
    ['the engine where the words do not tell', [['ok', 'it']], 'it'],
    ['the words where the engine errs', [['che tempo fa domani a Roma', 'en']], 'it'],
    ['one short foreign word', [['che tempo fa oggi'], ['thanks']], 'it'],
    ['a short foreign word that the engine hears too', [['che tempo fa oggi'], ['yes please', 'en']], 'it'],
    ['two short foreign words in a row', [['che tempo fa oggi'], ['thanks'], ['yes please']], 'en'],
    [
      'short words with own words between',
      [['che tempo fa oggi'], ['thanks'], ['va bene'], ['okay great']],
      'it',
    ],
    ['a foreign sentence', [['che tempo fa oggi'], ['what is the weather like today']], 'en'],
    [
      'an engine that errs about short sounds again and again',
      [['che tempo fa'], ['ok', 'en'], ['ok', 'en']],
      'it',
    ],
    ['a request', [['che tempo fa oggi'], ['speak English']], 'en'],
    ['a request in the other language', [['what is the weather'], ['please answer in Italian']], 'it'],
    [
      'after a request, words of the other language',
      [['please speak Italian'], ['what is the weather like today']],
      'it',
    ],
    [
      'after a request, until the other one is asked for',
      [['please speak Italian'], ['now speak English']],
      'en',
    ],
    [
      'after a request that the person has taken up, a sentence',
      [['please speak Italian'], ['che tempo fa domani'], ['what is the weather like today']],
      'en',
    ],
  ])('%s', (_what, heard, language) => {
    expect(follow(...heard).language).toBe(language);
  });
});
