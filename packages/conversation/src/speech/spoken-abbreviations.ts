/** Abbreviations with a stop, and small words that nobody says as they are written. */
import { isAtEnd, type SpokenRule } from './replace-matches.ts';
import type { SpokenLanguage } from './spoken-language.ts';

/** Without the last stop, lower case. Behind them a stop that ends the text is kept. */
const words: Readonly<Record<SpokenLanguage, Readonly<Record<string, string>>>> = {
  en: {
    mr: 'Mister',
    mrs: 'Missus',
    ms: 'Miss',
    dr: 'Doctor',
    prof: 'Professor',
    jr: 'Junior',
    sr: 'Senior',
    'e.g': 'for example',
    'i.e': 'that is',
    etc: 'et cetera',
    vs: 'versus',
    approx: 'approximately',
    inc: 'Incorporated',
    ltd: 'Limited',
    corp: 'Corporation',
    dept: 'department',
    est: 'established',
    ave: 'Avenue',
    blvd: 'Boulevard',
    mt: 'Mount',
    gov: 'Governor',
    gen: 'General',
    'ph.d': 'P h D',
    max: 'maximum',
    temp: 'temperature',
    tel: 'telephone',
  },
  it: {
    'dott.ssa': 'dottoressa',
    dott: 'dottor',
    dr: 'dottor',
    'sig.ra': 'signora',
    'sig.na': 'signorina',
    sig: 'signor',
    sigg: 'signori',
    'prof.ssa': 'professoressa',
    prof: 'professor',
    ing: 'ingegner',
    avv: 'avvocato',
    arch: 'architetto',
    geom: 'geometra',
    rag: 'ragionier',
    'on.le': 'onorevole',
    ecc: 'eccetera',
    'p.es': 'per esempio',
    'ad es': 'ad esempio',
    'per es': 'per esempio',
    es: 'esempio',
    pag: 'pagina',
    pagg: 'pagine',
    tel: 'telefono',
    ca: 'circa',
    cfr: 'confronta',
    vol: 'volume',
    max: 'massimo',
    'a.c': 'avanti Cristo',
    'd.c': 'dopo Cristo',
    'p.s': 'post scriptum',
    'p.za': 'piazza',
    'v.le': 'viale',
    'c.so': 'corso',
    'n.b': 'nota bene',
    'f.lli': 'fratelli',
    'spett.le': 'spettabile',
    'gent.mo': 'gentilissimo',
    'gent.ma': 'gentilissima',
    egr: 'egregio',
    's.p.a': 'S P A',
    's.r.l': 'S R L',
  },
};

/** Only before a number. */
const beforeNumber: Readonly<Record<SpokenLanguage, Readonly<Record<string, string>>>> = {
  en: {
    no: 'number',
    p: 'page',
    pp: 'pages',
    fig: 'figure',
    vol: 'volume',
    ch: 'chapter',
    sec: 'section',
    art: 'article',
  },
  it: {
    n: 'numero',
    nr: 'numero',
    num: 'numero',
    art: 'articolo',
    artt: 'articoli',
    cap: 'capitolo',
    fig: 'figura',
    p: 'pagina',
    pp: 'pagine',
    sez: 'sezione',
    par: 'paragrafo',
    int: 'interno',
  },
};

export function abbreviationRules(language: SpokenLanguage): readonly SpokenRule[] {
  const before = beforeNumber[language];
  const table = words[language];
  const rules: SpokenRule[] = [
    {
      pattern: new RegExp(`(?<![\\p{L}\\d.])(${alternatives(before)})\\. ?(?=\\d)`, 'giu'),
      say: ([, written = '']) => `${cased(written, before[written.toLowerCase()] ?? written)} `,
    },
    {
      pattern: new RegExp(`(?<![\\p{L}\\d.])(${alternatives(table)})\\.(?![\\p{L}\\d])`, 'giu'),
      say: (match) => {
        const written = match[1] ?? '';
        const full = table[written.toLowerCase()];
        if (full === undefined) return undefined;
        const isTitleAtEnd = /(?:ttor|gnor|ssor|gner|nier)$/.test(full) && isAtEnd(match);
        return `${cased(written, isTitleAtEnd ? `${full}e` : full)}${isAtEnd(match) ? '.' : ''}`;
      },
    },
  ];
  if (language === 'it') {
    rules.push({
      pattern: /(?<![\p{L}\d.])S\. ?(\p{Lu}\p{Ll}{1,20})/gu,
      say: ([, name = '']) =>
        `${/a$/.test(name) && !/^(?:Andrea|Luca|Nicola|Mattia)$/.test(name) ? 'Santa' : 'San'} ${name}`,
    });
    rules.push({
      pattern: /(?<![\p{L}\d.])(dott|sig|prof|on)\.?(ssa|ra|na)(?!\p{L})/giu,
      say: ([whole, stem = '', ending = '']) =>
        cased(whole, table[`${stem}.${ending}`.toLowerCase()] ?? whole),
    });
  } else {
    // Before a name it is a saint, behind one a street.
    rules.push({
      pattern: /(?<![\p{L}\d.])(St|Ste)\. ?(?=\p{Lu}\p{Ll})/gu,
      say: (match) =>
        /\p{L} $/u.test(match.input.slice(Math.max(0, match.index - 2), match.index)) &&
        /\p{Lu}\p{Ll}* $/u.test(match.input.slice(Math.max(0, match.index - 24), match.index))
          ? undefined
          : 'Saint ',
    });
    rules.push({
      pattern: /(?<=\p{L} )St\./gu,
      say: (match) => `Street${isAtEnd(match) ? '.' : ''}`,
    });
    rules.push({ pattern: /(?<![\p{L}\d])w\/o(?!\p{L})/gu, say: () => 'without' });
    rules.push({ pattern: /(?<![\p{L}\d])w\/ ?(?=\p{L})/gu, say: () => 'with ' });
  }
  return rules;
}

/** Begins like what was written: with a capital or not. */
function cased(written: string, full: string): string {
  return /^\p{Lu}/u.test(written) ? full.charAt(0).toUpperCase() + full.slice(1) : full;
}

function alternatives(table: Readonly<Record<string, string>>): string {
  return Object.keys(table)
    .toSorted((left, right) => right.length - left.length)
    .map((key) => key.replaceAll('.', '\\. ?'))
    .join('|');
}
