/** Whether somebody who was asked for a yes gave one. Italian and English. In doubt it was none. */
import { foldWords } from './fold-words.ts';
import { wordSet } from './word-set.ts';

/** `other`: neither a clear yes nor a clear no; nothing may be done on it. */
export type Confirmation = 'yes' | 'no' | 'other';

const yes = wordSet(
  'yes yeah yep yup yea aye sure certainly definitely absolutely correct exactly right ok okay confirm confirmed agreed',
  'fine perfect great please',
  'si certo certamente esatto esattamente corretto giusto confermo confermato ok okay sicuro sicuramente perfetto',
  'volentieri procedi proceda fallo assolutamente benissimo',
);

/** Said as one; each is a yes of its own. */
const yesPhrases = [
  'go ahead',
  'do it',
  'do that',
  'please do',
  'that is right',
  'that s right',
  'that is correct',
  'that s correct',
  'sounds good',
  'of course',
  'go for it',
  'va bene',
  'd accordo',
  'fai pure',
  'faccia pure',
  'vai pure',
  'ci sto',
  'come no',
  'procedi pure',
  'proceda pure',
];

/** Whatever stands beside it, one of these takes a yes back. */
const no = wordSet(
  'no nope nah not don dont doesn doesnt won wont never cancel wait stop forget leave nevermind wrong',
  'non mai annulla annullare aspetta aspetti lascia lasci ferma fermati basta niente sbagliato macche neanche nemmeno',
);

/** Words that may stand beside a yes and change nothing. */
const beside = wordSet(
  'i do it that is s the a you can may please thanks thank very much so then now all good yes just well to me we',
  'do let us lets book send order make go ahead',
  'lo la li le e per favore grazie mille pure cosi tutto bene allora adesso ora mi va benissimo piacere ti prego',
  'prenota prenotalo prenotala invia invialo ordina ordinalo fai puoi',
);

/** Longer answers say something of their own. */
const mostWords = 10;

/**
 * Reads the answer to "shall I …?". `names`: of the agent, which may be called with it.
 * Code, not the model, decides here whether something is done: a "yes, but at ten" is no yes.
 */
export function confirms(text: string, names: readonly string[] = []): Confirmation {
  const called = new Set(names.flatMap((name) => foldWords(name).map((word) => word.text)));
  const words = foldWords(text)
    .map((word) => word.text)
    .filter((word) => !called.has(word));
  const joined = ` ${words.join(' ')} `;
  // "Come no" is a yes with a "no" in it.
  const rest = joined.replaceAll(' come no ', ' si ');
  if (rest.split(' ').some((word) => no.has(word))) return 'no';
  if (words.length === 0 || words.length > mostWords || text.includes('?')) return 'other';
  const hasPhrase = yesPhrases.some((phrase) => joined.includes(` ${phrase} `));
  const bare = yesPhrases.reduce((left, phrase) => left.replaceAll(` ${phrase} `, ' '), joined);
  const left = bare.split(' ').filter((word) => word !== '');
  const hasYes = hasPhrase || left.some((word) => yes.has(word) && word !== 'please');
  return hasYes && left.every((word) => yes.has(word) || beside.has(word)) ? 'yes' : 'other';
}
