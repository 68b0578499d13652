/** Labelled utterances for measuring the addressing, as lines of tab-separated text. */

const languages = ['it', 'en'] as const;
const labels = ['addressed', 'bare-wake', 'mentioned', 'none'] as const;

export type AddressingExample = {
  readonly language: (typeof languages)[number];
  readonly label: (typeof labels)[number];
  readonly text: string;
};

/**
 * Reads `language<TAB>label<TAB>text` lines; empty lines and those that start with `#` are skipped.
 * @throws Error that says the number of the first line that is none of these
 */
export function parseAddressingSet(content: string): readonly AddressingExample[] {
  return content.split('\n').flatMap((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const [languagePart, labelPart, text] = line.split('\t');
    const language = languages.find((name) => name === languagePart);
    const label = labels.find((name) => name === labelPart);
    if (language === undefined || label === undefined || !text) {
      throw new Error(`addressing set, line ${index + 1}: write language, label and text, with tabs between`);
    }
    return [{ language, label, text }];
  });
}
