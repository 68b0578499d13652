/** Roman numerals, read only where a king, a century or a chapter makes them certain. */
import { cardinal, ordinal } from './number-words.ts';
import type { SpokenRule } from './replace-matches.ts';
import type { SpokenLanguage } from './spoken-language.ts';

const values: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50, C: 100, D: 500, M: 1000 };
const wellFormed = /^M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})$/;

/** The number; undefined where it is no numeral of good form. */
function romanValue(numeral: string): number | undefined {
  if (numeral === '' || !wellFormed.test(numeral)) return undefined;
  let total = 0;
  for (let at = 0; at < numeral.length; at += 1) {
    const value = values[numeral[at] ?? ''] ?? 0;
    total += value < (values[numeral[at + 1] ?? ''] ?? 0) ? -value : value;
  }
  return total;
}

const parts = {
  en: 'chapter|volume|book|part|section|act|scene|phase|type|stage|war|bowl|title|article|appendix|figure|table|level|class',
  it: 'capitolo|volume|libro|parte|sezione|atto|scena|fase|tipo|titolo|articolo|tavola|livello|classe|canto',
} as const;
const feminineParts = /^(?:parte|sezione|scena|fase|tavola|classe)$/i;
const kings =
  /^(?:Re|Papa|Pope|King|Carlo|Francesco|Leone|Elisabetta|Elizabeth|Charles|Francis|Vittorio|Emanuele|Napoleone|Napoleon|Umberto|Federico|Giacomo|James|Giorgio|George|Pio|Pius|Paolo|Paul|Pietro|Peter|Luigi|Louis|Enrico|Henry|Filippo|Philip|Guglielmo|William)$/;
/** Men whose names end like those of women. */
const masculineNames = /^(?:Papa|Luca|Andrea|Nicola|Mattia|Elia|Battista)$/;

const ordinalNouns = {
  en: 'century|dynasty|legion|amendment',
  it: 'secolo|guerra|edizione|giornata|dinastia|municipio|legislatura|repubblica|millennio|classe|legione|centuria|declinazione|rivoluzione',
} as const;

export function romanRules(language: SpokenLanguage): readonly SpokenRule[] {
  return [
    {
      pattern: new RegExp(`(?<!\\p{L})(${parts[language]}) ([IVXLCDM]{1,12})(?![\\p{L}\\d])`, 'giu'),
      say: ([, noun = '', numeral = '']) => {
        const value = romanValue(numeral);
        if (value === undefined) return undefined;
        const digits = String(value);
        return `${noun} ${language === 'it' ? ordinal(digits, 'it', feminineParts.test(noun)) : cardinal(digits, 'en')}`;
      },
    },
    {
      pattern: new RegExp(`(?<!\\p{L})([IVXLCDM]{1,12}) (${ordinalNouns[language]})(?!\\p{L})`, 'gu'),
      say: ([, numeral = '', noun = '']) => {
        const value = romanValue(numeral);
        return value === undefined
          ? undefined
          : `${ordinal(String(value), language, /[aei]$/.test(noun) && !/^(?:secolo)$/.test(noun))} ${noun}`;
      },
    },
    {
      pattern: /(?<!\p{L})(secolo|secoli|century) ([IVXLCDM]{1,8})(?![\p{L}\d])/gu,
      say: ([, noun = '', numeral = '']) => {
        const value = romanValue(numeral);
        return value === undefined ? undefined : `${noun} ${ordinal(String(value), language)}`;
      },
    },
    {
      // Behind a name: two letters at least, or one behind the name of a king.
      pattern: /(?<!\p{L})(\p{Lu}\p{Ll}{1,20}) ([IVX]{1,6})(?![\p{L}\d]|[.]\p{L})/gu,
      say: ([, name = '', numeral = '']) => {
        const value = romanValue(numeral);
        if (value === undefined || value > 39) return undefined;
        if (numeral.length === 1 && !(kings.test(name) && numeral !== 'X')) return undefined;
        const place = ordinal(String(value), language, /a$/.test(name) && !masculineNames.test(name));
        return language === 'it' ? `${name} ${place}` : `${name} the ${place}`;
      },
    },
  ];
}
