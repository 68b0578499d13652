/** What is left of the agent's names while a human of the same name is in the room. */
import { isWithinOneEdit } from './edit-distance.ts';
import { foldWords } from './fold-words.ts';
import { soundOf } from './speech-sound.ts';

/**
 * The agent names that still mean the agent alone when a human of this display name is there. The ones that sound like
 * the human's first or whole name, and the aliases that sound like those, count only with an at sign: they come back as
 * `@sophy`, which `matchAddress` takes so. Compounds such as "sophyai" and "sophy ai" stay as they are.
 */
export function namesCollide(humanName: string, agentNames: readonly string[]): readonly string[] {
  const words = foldWords(humanName).map((word) => word.text);
  const human = [words[0] ?? '', words.join('')].filter((name) => name !== '');
  const plain = agentNames.filter((name) => !isCompound(name, agentNames));
  const taken = plain.filter((name) => human.some((heard) => soundsAlike(heard, joined(name))));
  const ambiguous = plain.filter((name) =>
    [...taken, ...(taken.length > 0 ? human : [])].some((other) => soundsAlike(joined(other), joined(name))),
  );
  const left = agentNames.map((name) => (ambiguous.includes(name) ? `@${joined(name)}` : name));
  return [...new Set(left)];
}

function joined(name: string): string {
  return foldWords(name)
    .map((word) => word.text)
    .join('');
}

/** A name of the agent with something behind it, "sophyai" beside "sophy". */
function isCompound(name: string, agentNames: readonly string[]): boolean {
  const whole = joined(name);
  return agentNames.some((other) => {
    const stem = joined(other);
    return stem.length >= 3 && whole.startsWith(stem) && whole.length >= stem.length + 2;
  });
}

function soundsAlike(heard: string, meant: string): boolean {
  const [a, b] = [soundOf(heard), soundOf(meant)];
  if (a === b) return true;
  return Math.min(a.length, b.length) >= 4 && a[0] === b[0] && isWithinOneEdit(a, b);
}
