/** The name of a person as the agent writes and says it: one line, no tricks. */

/** Longer names would crowd out what is said under them. */
const longestName = 60;

/** Control and direction characters gone, blanks single, at most 60 characters; the fallback where nothing is left. */
export function personName(given: string | undefined, fallback: string): string {
  const plain = (given ?? '')
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  const cut = [...plain].slice(0, longestName).join('').trim();
  return cut === '' ? fallback : cut;
}
