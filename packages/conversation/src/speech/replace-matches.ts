/** Replaces what a pattern finds by what a function makes of it. */

/** How something written is said. */
export type SpokenRule = {
  /** Global. */
  readonly pattern: RegExp;
  /** Words for the match; undefined: it stays as it is. */
  readonly say: (match: RegExpExecArray) => string | undefined;
};

export function replaceMatches(text: string, { pattern, say }: SpokenRule): string {
  let result = '';
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    const words = say(match);
    if (words === undefined) continue;
    result += text.slice(end, match.index) + words;
    end = match.index + match[0].length;
  }
  return end === 0 ? text : result + text.slice(end);
}

/** Whether nothing but a few blanks follows: a stop of an abbreviation ends the sentence, too. */
export function isAtEnd(match: RegExpExecArray): boolean {
  const end = match.index + match[0].length;
  return match.input.length - end <= 3 && match.input.slice(end).trim() === '';
}
