/** Which words of an utterance that goes on can be shown: those that two recognitions in a row agree on. */

/**
 * Local agreement (Liu et al. 2020, as Whisper-Streaming uses it): what is shown never changes, because it is told in
 * pieces that are only ever appended.
 */
export class AgreedWords {
  private previous: readonly string[] = [];
  private shown: readonly string[] = [];

  /** Takes the newest recognition of the whole utterance; returns the words to append, with a space before each. */
  accept(text: string): string {
    const words = text.split(/\s+/).filter((word) => word !== '');
    const agreed = sharedWords(this.previous, words);
    this.previous = words;
    // A recognition that changed its mind about what is shown adds nothing until it comes back to it.
    if (agreed <= this.shown.length || sharedWords(this.shown, words) < this.shown.length) return '';
    const added = words.slice(this.shown.length, agreed);
    const isFirst = this.shown.length === 0;
    this.shown = words.slice(0, agreed);
    return `${isFirst ? '' : ' '}${added.join(' ')}`;
  }
}

/** How many words at the beginning are the same; case and punctuation do not count. */
function sharedWords(one: readonly string[], other: readonly string[]): number {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index += 1) if (bare(one[index]) !== bare(other[index])) return index;
  return length;
}

function bare(word: string | undefined): string {
  return word?.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '') ?? '';
}
