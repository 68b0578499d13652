/** What is sent to a voice: text in words, its marks in the form that the voice understands. */
import { digitByDigit } from './number-words.ts';
import { parseSpeechMarks, type SpanName, type SpeechPart } from './speech-marks.ts';
import type { SpeechMarkup } from './speech-markup.ts';
import type { SpokenLanguage } from './spoken-language.ts';
import { phoneWords } from './spoken-phones.ts';
import { spokenWords } from './spoken-words.ts';

type SpeakableTextOptions = { readonly language: SpokenLanguage; readonly markup: SpeechMarkup };

/** What stands around marked words, and how the words themselves are written. */
type Dialect = {
  readonly escape: (text: string) => string;
  readonly pause: (ms: number) => string;
  readonly spell: (text: string, language: SpokenLanguage) => string;
  readonly slow: (words: string) => string;
  readonly emphasis: (words: string) => string;
};

const asIs = (words: string): string => words;

const dialects: Readonly<Record<SpeechMarkup, Dialect>> = {
  none: { escape: asIs, pause: pausePunctuation, spell: lettersWithCommas, slow: asIs, emphasis: asIs },
  ssml: {
    escape: escapeXml,
    pause: (ms) => `<break time="${ms}ms"/>`,
    spell: (text) => `<say-as interpret-as="characters">${escapeXml(text)}</say-as>`,
    slow: (words) => `<prosody rate="slow">${words}</prosody>`,
    emphasis: (words) => `<emphasis level="moderate">${words}</emphasis>`,
  },
  elevenlabs: {
    escape: withoutAngles,
    pause: (ms) => `<break time="${ms / 1_000}s" />`,
    spell: lettersWithCommas,
    slow: asIs,
    emphasis: asIs,
  },
  cartesia: {
    escape: withoutAngles,
    pause: (ms) => `<break time="${ms}ms"/>`,
    spell: (text) => `<spell>${withoutAngles(text).trim()}</spell>`,
    slow: asIs,
    emphasis: asIs,
  },
};

/**
 * Text for a voice. `ssml` gives the content of a `speak` element, escaped; the others plain text with the tags of that
 * vendor. Spans that a vendor cannot mark are only their words.
 */
export function speakableText(text: string, { language, markup }: SpeakableTextOptions): string {
  const dialect = dialects[markup];
  const rendered = render(parseSpeechMarks(text), dialect, language);
  return rendered
    .replace(/\s+/g, ' ')
    .replace(/([,.;:!?…]),/g, '$1')
    .replace(/ (?=[,;:!?…]|\.(?!\p{L}))/gu, '')
    .replace(/^[ ,]+/, '')
    .trim();
}

function render(parts: readonly SpeechPart[], dialect: Dialect, language: SpokenLanguage): string {
  let result = '';
  for (const part of parts) {
    if (part.type === 'pause') result += ` ${dialect.pause(part.ms)} `;
    else if (part.type === 'span') result += renderSpan(part.name, part.parts, dialect, language);
    else {
      // Blanks at the edges part the words from the tag beside them.
      const words = dialect.escape(spokenWords(part.text, language));
      result += `${/^\s/.test(part.text) ? ' ' : ''}${words}${/\s$/.test(part.text) ? ' ' : ''}`;
    }
  }
  return result;
}

function renderSpan(
  name: SpanName,
  parts: readonly SpeechPart[],
  dialect: Dialect,
  language: SpokenLanguage,
): string {
  if (name === 'slow' || name === 'emphasis') {
    const words = render(parts, dialect, language);
    return words.trim() === '' ? '' : dialect[name](words);
  }
  const text = plainText(parts).trim();
  if (text === '') return '';
  switch (name) {
    case 'spell':
      return dialect.spell(text, language);
    case 'phone':
      return dialect.escape(phoneWords(text, language) ?? spokenWords(text, language));
    case 'date':
    case 'number':
      return dialect.escape(spokenWords(text, language));
  }
}

function plainText(parts: readonly SpeechPart[]): string {
  return parts
    .map((part) => (part.type === 'text' ? part.text : part.type === 'span' ? plainText(part.parts) : ' '))
    .join('');
}

function pausePunctuation(ms: number): string {
  return ms < 300 ? ',' : '…';
}

/** Letters as capitals, digits as words, a comma between: a voice says each by its name. */
function lettersWithCommas(text: string, language: SpokenLanguage): string {
  return Array.from(text.replace(/[\s-]+/g, ''))
    .map((character) =>
      /\d/.test(character) ? digitByDigit(character, language) : spokenSign(character, language),
    )
    .filter((name) => name !== '')
    .join(', ');
}

function spokenSign(character: string, language: SpokenLanguage): string {
  return /\p{L}/u.test(character) ? character.toUpperCase() : spokenWords(character, language);
}

function escapeXml(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&apos;');
}

/** Vendors that take tags in plain text know no escapes: what could open a tag goes. */
function withoutAngles(text: string): string {
  return text.replace(/[<>]/g, ' ');
}
