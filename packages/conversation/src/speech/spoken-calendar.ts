/** Dates and times as people say them. */
import { cardinal, ordinal, yearWords } from './number-words.ts';
import type { SpokenRule } from './replace-matches.ts';
import type { SpokenLanguage } from './spoken-language.ts';

const months = {
  en: 'January February March April May June July August September October November December'.split(' '),
  it: 'gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre'.split(
    ' ',
  ),
} as const;

/** Names and short names, longest first; `may` alone is also a verb, so English ones are capitalised. */
const monthPattern = {
  en: 'Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?',
  it: '[Gg]en(?:naio)?|[Ff]eb(?:braio)?|[Mm]ar(?:zo)?|[Aa]pr(?:ile)?|[Mm]ag(?:gio)?|[Gg]iu(?:gno)?|[Ll]ug(?:lio)?|[Aa]go(?:sto)?|[Ss]ett?(?:embre)?|[Oo]tt(?:obre)?|[Nn]ov(?:embre)?|[Dd]ic(?:embre)?',
} as const;

const notInside = '(?<![\\p{L}\\d]|\\d[.,:/-])';
const notBefore = '(?![\\p{L}\\d]|[.,:/-]\\d)';

export function dateRules(language: SpokenLanguage): readonly SpokenRule[] {
  const month = monthPattern[language];
  const rules: SpokenRule[] = [
    {
      pattern: new RegExp(
        `${notInside}(\\d{4})-(\\d{2})-(\\d{2})(?:T(\\d{2}):(\\d{2})(?::\\d{2}(?:\\.\\d{1,6})?)?(?:Z|[+-]\\d{2}:\\d{2})?)?${notBefore}`,
        'gu',
      ),
      say: ([, year, monthDigits, day, hour, minute]) => {
        const date = dateWords(day, monthDigits, year, language);
        if (date === undefined || hour === undefined || minute === undefined) return date;
        return `${date}, ${timeWords(hour, minute, undefined, language, '')}`;
      },
    },
    {
      pattern: new RegExp(
        `${notInside}(?:(the)\\s)?(\\d{1,2})([/.-])(\\d{1,2})\\3(\\d{4}|\\d{2})${notBefore}`,
        'giu',
      ),
      say: ([, , first, , second, year]) =>
        isMonthFirst(first, second, language)
          ? dateWords(second, first, fullYear(year), language)
          : dateWords(first, second, fullYear(year), language),
    },
    {
      pattern: new RegExp(
        `${notInside}(?:([Tt]he)\\s)?(\\d{1,2})(?:st|nd|rd|th|º|°)?\\s(?:of\\s)?(${month})\\.?(?:,?\\s(?:del\\s)?(\\d{4}))?(?![\\p{L}\\d]|[.,:/-]\\d)`,
        'gu',
      ),
      say: ([, , day, name, year]) => dateWords(day, monthNumber(name, language), year, language),
    },
  ];
  if (language === 'it') {
    rules.push({
      // Without a year it is a fraction, unless both parts are of two digits or an article stands before.
      pattern: new RegExp(
        `${notInside}(?:((?:il|del|al|dal|entro il|nel) )(\\d{1,2})|(\\d{2}))/(\\d{1,2})${notBefore}`,
        'giu',
      ),
      say: ([, article = '', day, bareDay, monthDigits]) => {
        if (article === '' && monthDigits?.length !== 2) return undefined;
        const date = dateWords(day ?? bareDay, monthDigits, undefined, 'it');
        return date === undefined ? undefined : article + date;
      },
    });
  } else {
    rules.push({
      pattern: new RegExp(
        `${notInside}(${month})\\.?\\s(\\d{1,2})(?:st|nd|rd|th)?(?:,?\\s(\\d{4}))?(?![\\p{L}\\d]|[.,:/-]\\d)`,
        'gu',
      ),
      say: ([, name, day, year]) => dateWords(day, monthNumber(name, language), year, language),
    });
    rules.push({
      pattern: new RegExp(
        `(?<!\\p{L})(${month})\\.?,?\\s((?:1[1-9]|20)\\d{2})(?![\\p{L}\\d]|[.,:/-]\\d)`,
        'gu',
      ),
      say: ([, name, year]) =>
        `${months.en[Number(monthNumber(name, 'en')) - 1]} ${yearWords(year ?? '', 'en')}`,
    });
  }
  return rules;
}

/** English without a hint is read as in the United States: the month first. */
function isMonthFirst(
  first: string | undefined,
  second: string | undefined,
  language: SpokenLanguage,
): boolean {
  return Number(second) > 12 || (language === 'en' && Number(first) <= 12);
}

function fullYear(year: string | undefined): string | undefined {
  // Two digits: nobody speaks of dates fifty years ahead.
  return year?.length === 2 ? `${Number(year) >= 70 ? 19 : 20}${year}` : year;
}

function monthNumber(name: string | undefined, language: SpokenLanguage): string {
  const start = (name ?? '').slice(0, 3).toLowerCase();
  return String(months[language].findIndex((month) => month.toLowerCase().startsWith(start)) + 1);
}

function dateWords(
  day: string | undefined,
  monthDigits: string | undefined,
  year: string | undefined,
  language: SpokenLanguage,
): string | undefined {
  const month = months[language][Number(monthDigits) - 1];
  const dayNumber = Number(day);
  if (month === undefined || !(dayNumber >= 1 && dayNumber <= 31)) return undefined;
  const digits = String(dayNumber);
  if (language === 'it') {
    const dayWords = dayNumber === 1 ? 'primo' : cardinal(digits, 'it');
    return [dayWords, month, ...(year === undefined ? [] : [yearWords(year, 'it')])].join(' ');
  }
  const date = `${month} ${ordinal(digits, 'en')}`;
  return year === undefined ? date : `${date}, ${yearWords(year, 'en')}`;
}

/** Words before a time that make an article needless, with the article where they bring it. */
const beforeTime =
  '(?:(alle ore|dalle ore|alle|dalle|delle|sulle|le|ore|per le|at|by|from|until|to|till|after|before|around) )?';

export function timeRules(language: SpokenLanguage): readonly SpokenRule[] {
  const clock = '([01]?\\d|2[0-3])';
  const suffix = language === 'en' ? '(?:\\s?([ap])\\.?m(?:\\.(?=\\s\\p{Ll}|,))?(?!\\p{L}))?' : '()';
  const minutes = language === 'en' ? ':([0-5]\\d)' : '[:.,]([0-5]\\d)';
  const rules: SpokenRule[] = [
    {
      pattern: new RegExp(
        `(?<![\\p{L}\\d]|\\d[.,:/-])${clock}:([0-5]\\d)\\s?[-–]\\s?${clock}:([0-5]\\d)(?![\\p{L}\\d]|[.,:/-]\\d)`,
        'gu',
      ),
      say: ([, hour = '', minute = '', endHour = '', endMinute = '']) =>
        language === 'it'
          ? `${timeWords(hour, minute, undefined, 'it', 'dalle')} ${timeWords(endHour, endMinute, undefined, 'it', 'alle')}`
          : `${timeWords(hour, minute, undefined, 'en', '')} to ${timeWords(endHour, endMinute, undefined, 'en', '')}`,
    },
    {
      pattern: new RegExp(
        `(?<![\\p{L}\\d]|\\d[.,:/-])${beforeTime}${clock}:([0-5]\\d)(?::([0-5]\\d))?${suffix}(?![\\p{L}\\d]|[.,:/-]\\d)`,
        'giu',
      ),
      say: ([, before, hour = '', minute = '', second, half]) => {
        const words = timeWords(hour, minute, half, language, before);
        if (second === undefined || Number(second) === 0) return words;
        const seconds = cardinal(String(Number(second)), language);
        return language === 'it' ? `${words} e ${seconds} secondi` : `${words} and ${seconds} seconds`;
      },
    },
  ];
  if (language === 'it') {
    rules.unshift({
      pattern:
        /(?<=(?<!\p{L})(?:d?a|de|su)?l?l[’'])0?1(?:[:.]([0-5]\d)(?![\p{L}\d%]|[.,:/-]\d)|(?=[.,;!?]?(?:\s?$|\s(?:e|di|del)\s)))/giu,
      say: ([, minute = '00']) => timeWords('1', minute, undefined, 'it', 'una').replace(/^una una/, 'una'),
    });
    rules.push({
      pattern: new RegExp(
        `(?<![\\p{L}\\d])(alle ore|dalle ore|ore|alle|dalle|delle|sulle|le) ${clock}${minutes}(?![\\p{L}\\d€%]|[.,:/-]\\d|\\s(?:euro|%))`,
        'giu',
      ),
      say: ([, before, hour = '', minute = '']) => timeWords(hour, minute, undefined, 'it', before),
    });
    rules.push({
      pattern:
        /(?<![\p{L}\d])(alle|dalle|le|delle) 1(?=\s(?:di notte|del pomeriggio|e )|[.,;!?]?(?:\s|$))(?!\s\p{Ll}{4,}[aei]\b)/giu,
      say: ([, before]) => timeWords('1', '00', undefined, 'it', before),
    });
  } else {
    rules.unshift({
      pattern: /(?<=\d ?[ap]\.?m\.?) ?[-–] ?(?=\d)/giu,
      say: () => ' to ',
    });
    rules.push({
      pattern: /(?<![\p{L}\d]|\d[.,:/-])(1[0-2]|0?[1-9])\s?([ap])\.?m(?:\.(?=\s\p{Ll}|,)|(?![\p{L}\d]))/giu,
      say: ([, hour = '', half]) => timeWords(hour, '00', half, 'en', undefined),
    });
  }
  return rules;
}

function timeWords(
  hourDigits: string,
  minuteDigits: string,
  half: string | undefined,
  language: SpokenLanguage,
  before: string | undefined,
): string {
  const hour = Number(hourDigits);
  const minute = Number(minuteDigits);
  return language === 'it' ? italianTime(hour, minute, before) : englishTime(hour, minute, half, before);
}

function italianTime(hour: number, minute: number, before: string | undefined): string {
  const minutes = minute === 0 ? '' : ` e ${cardinal(String(minute), 'it')}`;
  // No article in front: the sentence does not bring one, unless it is asked for by an empty word.
  const opening = before === undefined ? 'le' : before;
  if (hour === 1 && /(?:^|\s)(?:alle|dalle|delle|sulle|le)$/i.test(opening)) {
    return `${opening.replace(/l?le$/i, (article) => (article.length === 3 ? 'll’' : 'l’'))}una${minutes}`;
  }
  const hours = hour === 1 ? 'una' : cardinal(String(hour), 'it');
  return `${opening === '' ? 'le' : opening} ${hours}${minutes}`;
}

function englishTime(
  hour: number,
  minute: number,
  half: string | undefined,
  before: string | undefined,
): string {
  const opening = before === undefined || before === '' ? '' : `${before} `;
  const isAfternoon = half === undefined ? hour > 12 : half.toLowerCase() === 'p';
  const isSure = half !== undefined || hour > 12 || hour === 0;
  const hours = cardinal(String(hour % 12 === 0 ? 12 : hour % 12), 'en');
  const minutes =
    minute === 0
      ? ''
      : minute < 10
        ? ` oh ${cardinal(String(minute), 'en')}`
        : ` ${cardinal(String(minute), 'en')}`;
  const ending = isSure ? (isAfternoon ? ' p m' : ' a m') : minute === 0 ? ' o’clock' : '';
  return `${opening}${hours}${minutes}${ending}`;
}
