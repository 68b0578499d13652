/** Questions that put the verb before its subject: "is the shop open", "è lunga la strada". */
import { adverbs, englishOrders } from './addressing-predicates.ts';
import { isParticiple } from './addressing-verbs.ts';
import type { FoldedWord } from './fold-words.ts';
import { wordSet } from './word-set.ts';

const articles = wordSet('the my our their his her this these those');
export const italianArticles = wordSet('il lo la l i gli le');
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
  if (/^(?:sta|stava|ha|aveva)$/.test(auxiliary.text) && second !== undefined) {
    return (
      /^(?:qualcuno|nessuno)$/.test(second.text) ||
      (/[ae]ndo$/.test(first.text) && italianArticles.has(second.text))
    );
  }
  const hasArticle = articles.has(first.text);
  if (/^(?:can|could|will|would|should|must|may|might)$/.test(auxiliary.text)) {
    return (
      hasArticle || second?.text === 'be' || /[^s]s$/.test(first.text) || isVerbBehindNoun(first, second)
    );
  }
  if (second === undefined) return false;
  if (/^(?:is|was)/.test(auxiliary.text)) {
    if (/^(?:today|tomorrow|yesterday|\w+day)$/.test(first.text)) return true;
    if (hasArticle) return third !== undefined && isState(third);
    return (
      !degrees.has(first.text) &&
      !adverbs.has(first.text) &&
      isState(second) &&
      !/(?:ly|ing|ed)$/.test(first.text)
    );
  }
  if (/^(?:did|does)/.test(auxiliary.text) && isVerbBehindNoun(first, second)) return true;
  if (
    /^has/.test(auxiliary.text) &&
    !degrees.has(first.text) &&
    !adverbs.has(first.text) &&
    isArrival(second)
  )
    return true;
  if (!hasArticle || third === undefined) return false;
  if (/^has/.test(auxiliary.text)) return isArrival(third);
  if (!/^(?:did|does)/.test(auxiliary.text)) return false;
  return (
    /^(?:my|your)$/.test(first.text) ||
    /^(?:leave|start|stop|go|come|open|close|work|end|arrive|run)$/.test(third.text)
  );
}

function isArrival({ text }: FoldedWord): boolean {
  return participles.has(text) || /ed$/.test(text);
}

/** "can Marco join": a verb behind a word that is none. */
function isVerbBehindNoun(noun: FoldedWord, verb: FoldedWord | undefined): boolean {
  if (verb === undefined || degrees.has(noun.text) || adverbs.has(noun.text)) return false;
  return isBareVerb(verb) && !isBareVerb(noun);
}

function isBareVerb({ text }: FoldedWord): boolean {
  return englishOrders.has(text) || bareVerbs.has(text);
}
const bareVerbs = wordSet(
  'join be eat drink see watch know like want need have leave use work hear happen exist live pay win do help',
);

function isState({ text }: FoldedWord): boolean {
  return states.has(text) || /(?:ing|ed)$/.test(text);
}

/** "è arrivata la posta", "è lunga la strada"; not "è stata la prima". */
function isPostposed(first: FoldedWord, second: FoldedWord | undefined): boolean {
  if (second === undefined || !italianArticles.has(second.text) || notAdjectives.has(first.text))
    return false;
  return !adverbs.has(first.text) && (isParticiple(first) || /[aoe]$/.test(first.text));
}
