import { clauseVerbs, subjectPronouns } from './addressing-words.ts';
import type { FoldedWord } from './fold-words.ts';
import { wordSet } from './word-set.ts';

/** A question whose question word already is the object: "what do you think Sophy". */
export function isOwnQuestion(before: readonly FoldedWord[]): boolean {
  const question = before.findIndex((word) => objectQuestions.has(word.text));
  if (question === -1) return false;
  return before
    .slice(question)
    .some(
      ({ text, hasPossessive }) =>
        subjectPronouns.has(text) ||
        /^(?:did|does|do|should|would)$/.test(text) ||
        hasPossessive ||
        /^(?:hai|avete|pensi|dici|stai|vuoi)$/.test(text),
    );
}
/** English prepositions that a question leaves at its end: "where are you from Sophy", not "what do you think about Sophy". */
export const strandable = wordSet('for about like to with at from in of');
export function isStranded(before: readonly FoldedWord[]): boolean {
  const verb = before.at(-2)?.text ?? '';
  return (
    before.at(-1)?.text === 'like' ||
    !(clauseVerbs.has(verb) || /^(?:happened|wrong|hear|heard|feel|up)$/.test(verb))
  );
}
const objectQuestions = wordSet(
  'what who whom which where many much cosa che chi quale quanto quanti quante',
);
