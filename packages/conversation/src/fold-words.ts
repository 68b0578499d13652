/** Text as bare words, so that spelling, accents and punctuation do not decide what was said. */

export type FoldedWord = {
  /** Lower case, no accents, letters and digits only. */
  readonly text: string;
  /** Lower case with its accents. */
  readonly accented: string;
  /** An at sign stands right before it. */
  readonly hasAt: boolean;
  /** English possessive or contracted "is" follows: "Sophy's". */
  readonly hasPossessive: boolean;
  /** Punctuation after the word, up to the next: `,` `.` `?` `!` `;` `:` `…` or empty. */
  readonly mark: string;
};

const wordPattern = /(@?)([\p{L}\p{N}]+)(?:['’](s)(?![\p{L}\p{N}]))?([^\p{L}\p{N}@]*)/gu;

/** Control and invisible characters, which nobody says. White space among them stays. */
const unspoken = /(?![\t\n\r])[\p{Cc}\p{Cf}]/gu;

/**
 * Splits at everything that is neither letter nor digit; `l'ora` gives `l` and `ora`, `Sophy's` stays one word. Full-width
 * and other forms of a letter are that letter; control and invisible characters are not there.
 */
export function foldWords(text: string): readonly FoldedWord[] {
  return [...text.normalize('NFKC').replace(unspoken, '').matchAll(wordPattern)].map((match) => {
    const accented = (match[2] ?? '').toLowerCase();
    return {
      text: foldText(accented),
      accented,
      hasAt: match[1] === '@',
      hasPossessive: match[3] !== undefined,
      mark: /[,.?!;:…]|\s-\s|–|—/u.exec(match[4] ?? '')?.[0].trim() ?? '',
    };
  });
}

/** Lower case without accents. */
export function foldText(text: string): string {
  const lower = text.toLowerCase();
  if (/^[\x20-\x7e]*$/.test(lower)) return lower;
  return lower.normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC');
}
