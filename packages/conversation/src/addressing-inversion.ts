/** Questions that put the verb before its subject: "is the shop open", "è lunga la strada". */
import { adverbs } from './addressing-predicates.ts';
import { isParticiple } from './addressing-verbs.ts';
import type { FoldedWord } from './fold-words.ts';
import { wordSet } from './word-set.ts';

const articles = wordSet('the my our their his her this these those');
const italianArticles = wordSet('il lo la l i gli le');
const states = wordSet(
  'open closed ready on off late early still already really here there free done over broken full empty true okay ok working home',
);
const participles = wordSet('come gone been left arrived started ended begun finished landed');
const degrees = wordSet('not very so too quite pretty super being getting going always never just');
const notAdjectives = wordSet(
  'stata stato in con per tra fra su a di da sotto sopra dopo prima contro verso tutta tutto',
);

/**
 * Whether the three words behind an auxiliary begin with a subject of their own and its predicate, so that the one named
 * before the auxiliary is asked.
 */
export function isTurnedQuestion(
  auxiliary: FoldedWord,
  first: FoldedWord,
  second: FoldedWord | undefined,
  third: FoldedWord | undefined,
): boolean {
  if (auxiliary.accented === 'è') return isPostposed(first, second);
  const hasArticle = articles.has(first.text);
  if (/^(?:can|could|will|would|should|must|may|might)$/.test(auxiliary.text)) {
    return hasArticle || second?.text === 'be' || /[^s]s$/.test(first.text);
  }
  if (second === undefined) return false;
  if (/^(?:is|was)/.test(auxiliary.text)) {
    if (hasArticle) return third !== undefined && isState(third);
    return (
      !degrees.has(first.text) &&
      !adverbs.has(first.text) &&
      isState(second) &&
      !/(?:ly|ing|ed)$/.test(first.text)
    );
  }
  if (!hasArticle || third === undefined) return false;
  if (/^has/.test(auxiliary.text)) return participles.has(third.text) || /ed$/.test(third.text);
  if (!/^(?:did|does)/.test(auxiliary.text)) return false;
  return (
    /^(?:my|your)$/.test(first.text) ||
    /^(?:leave|start|stop|go|come|open|close|work|end|arrive|run)$/.test(third.text)
  );
}

function isState({ text }: FoldedWord): boolean {
  return states.has(text) || /(?:ing|ed)$/.test(text);
}

/** "è arrivata la posta", "è lunga la strada"; not "è stata la prima". */
function isPostposed(first: FoldedWord, second: FoldedWord | undefined): boolean {
  if (second === undefined || !italianArticles.has(second.text) || notAdjectives.has(first.text))
    return false;
  return !adverbs.has(first.text) && (isParticiple(first) || /[aoe]$/.test(first.text));
}
