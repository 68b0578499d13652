/** Signs that are said as words. */
import type { SpokenRule } from './replace-matches.ts';
import type { SpokenLanguage } from './spoken-language.ts';

const between = {
  en: {
    '+': 'plus',
    '=': 'equals',
    '×': 'times',
    '*': 'times',
    '÷': 'divided by',
    '<': 'less than',
    '>': 'greater than',
    '≤': 'at most',
    '≥': 'at least',
    '≠': 'is not',
    '≈': 'about',
    '±': 'plus or minus',
    '→': 'to',
    '−': 'minus',
  },
  it: {
    '+': 'più',
    '=': 'uguale',
    '×': 'per',
    '*': 'per',
    '÷': 'diviso',
    '<': 'minore di',
    '>': 'maggiore di',
    '≤': 'al massimo',
    '≥': 'almeno',
    '≠': 'diverso da',
    '≈': 'circa',
    '±': 'più o meno',
    '→': 'a',
    '−': 'meno',
  },
} as const;

const alone = {
  en: {
    '&': 'and',
    '%': 'percent',
    '°': 'degrees',
    '@': 'at',
    '€': 'euros',
    $: 'dollars',
    '£': 'pounds',
    '§': 'section',
    '№': 'number',
    '™': '',
    '®': '',
    '©': '',
  },
  it: {
    '&': 'e',
    '%': 'per cento',
    '°': 'gradi',
    '@': 'chiocciola',
    '€': 'euro',
    $: 'dollari',
    '£': 'sterline',
    '§': 'paragrafo',
    '№': 'numero',
    '™': '',
    '®': '',
    '©': '',
  },
} as const;

/** Signs whose meaning hangs on the digits beside them: before the numbers become words. */
export function signsOfNumbers(language: SpokenLanguage): readonly SpokenRule[] {
  const isItalian = language === 'it';
  return [
    { pattern: /(?<=\d) - (?=\d)/gu, say: () => (isItalian ? ' meno ' : ' minus ') },
    { pattern: /(?<=\d) ?x ?(?=\d)/gu, say: () => (isItalian ? ' per ' : ' by ') },
    { pattern: /(?<=\d)\/(?=\p{L}(?!\p{L}))/gu, say: () => (isItalian ? ' barra ' : ' slash ') },
    { pattern: /(?<=\d)\^(?=\d)/gu, say: () => (isItalian ? ' alla ' : ' to the ') },
    { pattern: /(?<=\p{Lu})#(?![\p{L}\d])/gu, say: () => ' sharp' },
    { pattern: /(?<![\p{L}\d])~ ?(?=\d)/gu, say: () => (isItalian ? 'circa ' : 'about ') },
    { pattern: /(?<![\p{L}\d&])#(?=\d)/gu, say: () => (isItalian ? 'numero ' : 'number ') },
  ];
}

/** All other signs: after the numbers have become words. */
export function signsAlone(language: SpokenLanguage): readonly SpokenRule[] {
  const isItalian = language === 'it';
  const signs: Readonly<Record<string, string>> = { ...between[language], ...alone[language] };
  return [
    isItalian
      ? { pattern: /(?<!\p{L})e\/o(?!\p{L})/giu, say: () => 'e o' }
      : { pattern: /(?<!\p{L})and\/or(?!\p{L})/giu, say: () => 'and or' },
    { pattern: /(?<=\p{L})\/(?=\p{L})/gu, say: () => (isItalian ? ' o ' : ' or ') },
    { pattern: /²/gu, say: () => (isItalian ? ' al quadrato' : ' squared') },
    { pattern: /³/gu, say: () => (isItalian ? ' al cubo' : ' cubed') },
    { pattern: /[&%°@€$£§№™®©+=×*÷<>≤≥≠≈±→−]/gu, say: ([sign]) => ` ${signs[sign] ?? ''} ` },
    { pattern: /[|^_~`\\{}#/]+/gu, say: () => ' ' },
  ];
}
