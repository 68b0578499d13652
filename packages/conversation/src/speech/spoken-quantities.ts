/** Money, percentages, temperatures and measures as people say them. */
import { cardinal, numeralPattern, numeralWords, parseNumeral } from './number-words.ts';
import type { SpokenRule } from './replace-matches.ts';
import type { SpokenLanguage } from './spoken-language.ts';
import { beforeRange, rangeWords } from './spoken-ranges.ts';

/** One and several of a thing, and in Italian whether it is feminine. */
type Name = readonly [one: string, many: string, gender?: 'f'];
type Names = Readonly<Record<string, Name>>;

const currencies: Readonly<Record<SpokenLanguage, Names>> = {
  en: {
    '€': ['euro', 'euros'],
    EUR: ['euro', 'euros'],
    $: ['dollar', 'dollars'],
    US$: ['dollar', 'dollars'],
    USD: ['dollar', 'dollars'],
    '£': ['pound', 'pounds'],
    GBP: ['pound', 'pounds'],
    '¥': ['yen', 'yen'],
    CHF: ['franc', 'francs'],
  },
  it: {
    '€': ['euro', 'euro'],
    EUR: ['euro', 'euro'],
    $: ['dollaro', 'dollari'],
    US$: ['dollaro', 'dollari'],
    USD: ['dollaro', 'dollari'],
    '£': ['sterlina', 'sterline', 'f'],
    GBP: ['sterlina', 'sterline', 'f'],
    '¥': ['yen', 'yen'],
    CHF: ['franco', 'franchi'],
  },
};

const hundredths: Readonly<Record<SpokenLanguage, (currency: string) => Name>> = {
  en: (currency) => (/^(?:£|GBP)$/.test(currency) ? ['penny', 'pence'] : ['cent', 'cents']),
  it: () => ['centesimo', 'centesimi'],
};

const scales: Readonly<Record<SpokenLanguage, Names>> = {
  en: {
    k: ['thousand', 'thousand'],
    K: ['thousand', 'thousand'],
    thousand: ['thousand', 'thousand'],
    M: ['million', 'million'],
    million: ['million', 'million'],
    bn: ['billion', 'billion'],
    B: ['billion', 'billion'],
    billion: ['billion', 'billion'],
    trillion: ['trillion', 'trillion'],
  },
  it: {
    k: ['mila', 'mila'],
    K: ['mila', 'mila'],
    mila: ['mila', 'mila'],
    M: ['milione', 'milioni'],
    mln: ['milione', 'milioni'],
    milione: ['milione', 'milioni'],
    milioni: ['milione', 'milioni'],
    mld: ['miliardo', 'miliardi'],
    miliardo: ['miliardo', 'miliardi'],
    miliardi: ['miliardo', 'miliardi'],
  },
};

const units: Readonly<Record<SpokenLanguage, Names>> = {
  en: {
    'km/h': ['kilometre per hour', 'kilometres per hour'],
    'm/s': ['metre per second', 'metres per second'],
    'm²': ['square metre', 'square metres'],
    m2: ['square metre', 'square metres'],
    'm³': ['cubic metre', 'cubic metres'],
    m3: ['cubic metre', 'cubic metres'],
    'km²': ['square kilometre', 'square kilometres'],
    km2: ['square kilometre', 'square kilometres'],
    'cm²': ['square centimetre', 'square centimetres'],
    km: ['kilometre', 'kilometres'],
    cm: ['centimetre', 'centimetres'],
    mm: ['millimetre', 'millimetres'],
    m: ['metre', 'metres'],
    kg: ['kilogram', 'kilograms'],
    g: ['gram', 'grams'],
    mg: ['milligram', 'milligrams'],
    l: ['litre', 'litres'],
    L: ['litre', 'litres'],
    ml: ['millilitre', 'millilitres'],
    mL: ['millilitre', 'millilitres'],
    kWh: ['kilowatt hour', 'kilowatt hours'],
    kW: ['kilowatt', 'kilowatts'],
    W: ['watt', 'watts'],
    V: ['volt', 'volts'],
    Hz: ['hertz', 'hertz'],
    kHz: ['kilohertz', 'kilohertz'],
    MHz: ['megahertz', 'megahertz'],
    GHz: ['gigahertz', 'gigahertz'],
    KB: ['kilobyte', 'kilobytes'],
    MB: ['megabyte', 'megabytes'],
    GB: ['gigabyte', 'gigabytes'],
    TB: ['terabyte', 'terabytes'],
    'Mbit/s': ['megabit per second', 'megabits per second'],
    'Mb/s': ['megabit per second', 'megabits per second'],
    'MB/s': ['megabyte per second', 'megabytes per second'],
    Mbps: ['megabit per second', 'megabits per second'],
    ms: ['millisecond', 'milliseconds'],
    s: ['second', 'seconds'],
    min: ['minute', 'minutes'],
    h: ['hour', 'hours'],
    hrs: ['hour', 'hours'],
    mph: ['mile per hour', 'miles per hour'],
    mi: ['mile', 'miles'],
    ft: ['foot', 'feet'],
    lb: ['pound', 'pounds'],
    lbs: ['pound', 'pounds'],
    oz: ['ounce', 'ounces'],
    ha: ['hectare', 'hectares'],
  },
  it: {
    'km/h': ['chilometro orario', 'chilometri orari'],
    'm/s': ['metro al secondo', 'metri al secondo'],
    'm²': ['metro quadrato', 'metri quadrati'],
    m2: ['metro quadrato', 'metri quadrati'],
    mq: ['metro quadrato', 'metri quadrati'],
    'm³': ['metro cubo', 'metri cubi'],
    m3: ['metro cubo', 'metri cubi'],
    mc: ['metro cubo', 'metri cubi'],
    'km²': ['chilometro quadrato', 'chilometri quadrati'],
    km2: ['chilometro quadrato', 'chilometri quadrati'],
    kmq: ['chilometro quadrato', 'chilometri quadrati'],
    'cm²': ['centimetro quadrato', 'centimetri quadrati'],
    km: ['chilometro', 'chilometri'],
    cm: ['centimetro', 'centimetri'],
    mm: ['millimetro', 'millimetri'],
    m: ['metro', 'metri'],
    kg: ['chilo', 'chili'],
    hg: ['etto', 'etti'],
    g: ['grammo', 'grammi'],
    gr: ['grammo', 'grammi'],
    mg: ['milligrammo', 'milligrammi'],
    l: ['litro', 'litri'],
    L: ['litro', 'litri'],
    ml: ['millilitro', 'millilitri'],
    mL: ['millilitro', 'millilitri'],
    cl: ['centilitro', 'centilitri'],
    kWh: ['chilowattora', 'chilowattora'],
    kW: ['chilowatt', 'chilowatt'],
    W: ['watt', 'watt'],
    V: ['volt', 'volt'],
    Hz: ['hertz', 'hertz'],
    kHz: ['chilohertz', 'chilohertz'],
    MHz: ['megahertz', 'megahertz'],
    GHz: ['gigahertz', 'gigahertz'],
    KB: ['kilobyte', 'kilobyte'],
    MB: ['megabyte', 'megabyte'],
    GB: ['gigabyte', 'gigabyte'],
    TB: ['terabyte', 'terabyte'],
    'Mbit/s': ['megabit al secondo', 'megabit al secondo'],
    'Mb/s': ['megabit al secondo', 'megabit al secondo'],
    'MB/s': ['megabyte al secondo', 'megabyte al secondo'],
    Mbps: ['megabit al secondo', 'megabit al secondo'],
    ms: ['millisecondo', 'millisecondi'],
    s: ['secondo', 'secondi'],
    min: ['minuto', 'minuti'],
    h: ['ora', 'ore', 'f'],
    ha: ['ettaro', 'ettari'],
  },
};

const degrees = {
  en: { one: 'degree', many: 'degrees', C: ' Celsius', F: ' Fahrenheit', '': '' },
  it: { one: 'grado', many: 'gradi', C: '', F: ' Fahrenheit', '': '' },
} as const;

/** A blank may stand between a number and its sign. */
const blank = '[ \u00a0\u202f]?';
const start = '(?<![\\p{L}\\d]|\\d[.,:/-])';
/** Hyphen or minus sign of a number; between two numbers it is a range. */
const minus = '([-−](?=[\\d€$£¥]))?';
const end = '(?![\\p{L}\\d]|[.,/]\\d)';

export function quantityRules(language: SpokenLanguage): readonly SpokenRule[] {
  const signs = '(?:US)?\\$|[€£¥]';
  const codes = 'EUR|USD|GBP|CHF';
  const scale = alternatives(scales[language]);
  const number = `(${numeralPattern})`;
  const of = language === 'it' ? `(?: di)?` : '';
  const unit = alternatives(units[language]);
  // A single capital behind a number that is no money is no thousand: `4K`.
  const plainScale = scale.replace(/\b[KMB]\|?/g, '').replace(/\|$/, '');
  const rangeSign = `${signs}|%|°C|°F|°|${unit}|(?:${codes}|euros?)(?!\\p{L})`;
  return [
    {
      // The sign of a range stands behind its second number, or behind both.
      pattern: new RegExp(
        `${start}${beforeRange}${number}${blank}(?:${rangeSign})?${blank}[-–]${blank}${number}${blank}(${rangeSign})(?![\\p{L}\\d²³])`,
        'gu',
      ),
      say: ([, before, from = '', to = '', sign = '']) =>
        `${spokenRange(before, from, to, language)} ${manyOf(sign, language)}`,
    },
    {
      pattern: new RegExp(
        `${start}${beforeRange}(${signs})${number}${blank}[-–]${blank}\\2?${number}${end}`,
        'gu',
      ),
      say: ([, before, sign = '', from = '', to = '']) =>
        `${spokenRange(before, from, to, language)} ${manyOf(sign, language)}`,
    },
    {
      pattern: new RegExp(
        `${start}${minus}(${signs}|(?:${codes})(?= ))${blank}${number}(?:${blank}(${scale}))?${end}`,
        'gu',
      ),
      say: ([, sign, code = '', amount = '', size]) => money(sign, amount, size, code, language),
    },
    {
      pattern: new RegExp(
        `${start}${minus}${number}(?:${blank}(${scale})${of})?${blank}(${signs}|(?:${codes}|euros?)(?!\\p{L}))`,
        'gu',
      ),
      say: ([, sign, amount = '', size, code = '']) =>
        money(sign, amount, size, code.startsWith('euro') ? '€' : code, language),
    },
    {
      pattern: new RegExp(`${start}${minus}${number}${blank}%`, 'gu'),
      say: ([, sign, amount = '']) => `${signed(sign, amount, language)} ${percent(language)}`,
    },
    {
      pattern: new RegExp(`${start}${minus}${number}${blank}°${blank}([CF])(?!\\p{L})`, 'gu'),
      say: ([, sign, amount = '', scaleLetter = '']) =>
        `${signed(sign, amount, language)} ${degreeName(`°${scaleLetter}`, language, isOne(amount))}`,
    },
    {
      pattern: new RegExp(`${start}${minus}${number}${blank}(${plainScale})${end}`, 'gu'),
      say: ([, sign, amount = '', size = '']) =>
        `${minusWord(sign, language)}${scaled(amount, size, language)}`,
    },
    {
      pattern: new RegExp(`${start}${minus}${number}${blank}(${unit})(?![\\p{L}\\d²³'’])`, 'gu'),
      say: ([, sign, amount = '', name = '']) => {
        const names = units[language][name];
        return names === undefined ? undefined : minusWord(sign, language) + counted(amount, names, language);
      },
    },
  ];
}

function spokenRange(before: string | undefined, from: string, to: string, language: SpokenLanguage): string {
  const [low = '', high = ''] = [from, to].map((text) =>
    numeralWords(parseNumeral(text, language), language),
  );
  return rangeWords(before, low, high, language);
}

function manyOf(sign: string, language: SpokenLanguage): string {
  if (sign === '%') return percent(language);
  const code = sign.startsWith('euro') ? '€' : sign;
  return currencies[language][code]?.[1] ?? units[language][code]?.[1] ?? degreeName(sign, language);
}

function percent(language: SpokenLanguage): string {
  return language === 'it' ? 'per cento' : 'percent';
}

function degreeName(sign: string, language: SpokenLanguage, isSingle = false): string {
  const names = degrees[language];
  const scale = sign.slice(1);
  return `${isSingle ? names.one : names.many}${scale === 'C' || scale === 'F' ? names[scale] : ''}`;
}

function minusWord(sign: string | undefined, language: SpokenLanguage): string {
  if (sign === undefined) return '';
  return language === 'it' ? 'meno ' : 'minus ';
}

function signed(sign: string | undefined, amount: string, language: SpokenLanguage): string {
  return minusWord(sign, language) + numeralWords(parseNumeral(amount, language), language);
}

function isOne(amount: string): boolean {
  return amount === '1';
}

/** `1 km` is one kilometre, `2 km` two kilometres; Italian says `un chilometro`, `un’ora`. */
function counted(amount: string, [one, many, gender]: Name, language: SpokenLanguage): string {
  if (!isOne(amount)) {
    const words = numeralWords(parseNumeral(amount, language), language);
    return `${words} ${language === 'it' && /(?:milion[ei]|miliard[oi])$/.test(words) ? 'di ' : ''}${many}`;
  }
  return language === 'en' ? `one ${one}` : `${italianOne(one, gender === 'f')}${one}`;
}

/** The article of one thing in Italian, with the blank behind it. */
export function italianOne(noun: string, isFeminine: boolean): string {
  if (isFeminine) return /^[aeiou]/i.test(noun) ? 'un’' : 'una ';
  return /^(?:s[^aeiou]|z|gn|ps|x|y)/i.test(noun) ? 'uno ' : 'un ';
}

function scaled(amount: string, size: string, language: SpokenLanguage): string {
  const name = scales[language][size];
  if (name === undefined) return numeralWords(parseNumeral(amount, language), language);
  const numeral = parseNumeral(amount, language);
  // Italian writes thousands together with their number.
  if (language === 'it' && name[0] === 'mila') return thousands(numeral, language);
  return counted(amount, name, language);
}

function thousands(numeral: ReturnType<typeof parseNumeral>, language: SpokenLanguage): string {
  const { whole, fraction = '' } = numeral;
  if (fraction.length > 3) return `${numeralWords(numeral, language)} mila`;
  return cardinal((whole + fraction.padEnd(3, '0')).replace(/^0+(?=\d)/, ''), language);
}

function money(
  sign: string | undefined,
  amount: string,
  size: string | undefined,
  code: string,
  language: SpokenLanguage,
): string | undefined {
  const name = currencies[language][code];
  if (name === undefined) return undefined;
  const minusWords = minusWord(sign, language);
  if (size !== undefined) {
    const isMillions = language === 'it' && scales.it[size]?.[0] !== 'mila';
    return `${minusWords}${scaled(amount, size, language)} ${isMillions ? 'di ' : ''}${name[1]}`;
  }
  const { whole, fraction } = parseNumeral(amount, language);
  if (fraction === undefined || /^0+$/.test(fraction)) return minusWords + counted(whole, name, language);
  if (fraction.length > 2) return `${minusWords}${numeralWords({ whole, fraction }, language)} ${name[1]}`;
  const cents = String(Number(fraction.padEnd(2, '0')));
  const centWords = counted(cents, hundredths[language](code), language);
  if (/^0+$/.test(whole)) return minusWords + centWords;
  const wholeWords = counted(whole, name, language);
  return language === 'it'
    ? `${minusWords}${wholeWords} e ${cardinal(cents, 'it')}`
    : `${minusWords}${wholeWords} and ${centWords}`;
}

/** The keys of a table as a pattern, longest first, so that `km` does not hide `km/h`. */
function alternatives(names: Names): string {
  return Object.keys(names)
    .toSorted((left, right) => right.length - left.length)
    .map((name) => name.replace(/[$/]/g, '\\$&'))
    .join('|');
}
