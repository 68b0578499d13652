/** Whether somebody asks to be spoken to in a language. */
import type { SpokenLanguage } from './spoken-language.ts';

const names: Readonly<Record<string, SpokenLanguage>> = {
  english: 'en',
  inglese: 'en',
  italian: 'it',
  italiano: 'it',
};

const name = '(english|italian|inglese|italiano)';
/** Up to two small words between the verb and the language. */
const between =
  "(?: (?:to|with|in|into|back|again|me|us|please|only|now|just|con|noi|ora|adesso|solo|pure|tutti|sempre|invece|anche|all['’]|l['’])){0,3} ?";

const requests = [
  `(?:parl(?:a|ami|aci|iamo|ate|are|i)|rispond(?:i|imi|ici|ere|iamo)|continu(?:a|iamo)|passa|passiamo|torna|torniamo)${between}${name}`,
  `(?:speak|talk|answer|reply|respond|continue|switch|go back|change)${between}${name}`,
  `\\bin ${name},? (?:please|per favore|per piacere|grazie)`,
  `(?:only speak|parlo solo|capisco solo|only understand) (?:l['’])?${name}`,
].map((pattern) => new RegExp(`(?<!\\p{L})${pattern}(?!\\p{L})`, 'giu'));

/** What makes of the words above no request: a question whether one can, or a report of what somebody does. */
const noRequest =
  /\b(?:do you|does (?:he|she|anyone|anybody)|they|he|she|i can|i don['’]?t|can['’]?t|don['’]t|didn['’]t|how to|to learn to|non|loro|lui|lei|qualcuno|se) (?:\p{L}+ ){0,2}$/iu;
const cannot = new RegExp(
  `(?:i (?:do not|don['’]t|can['’]?t|cannot) (?:speak|understand)|non (?:parlo|capisco|so))(?: (?:any|much|l['’]))? ?(?:l['’])?${name}(?!\\p{L})`,
  'iu',
);

/** The language asked for; undefined: none. Who does not speak the one asks for the other. */
export function askedLanguage(text: string): SpokenLanguage | undefined {
  const unknown = cannot.exec(text)?.[1];
  if (unknown !== undefined) return names[unknown.toLowerCase()] === 'en' ? 'it' : 'en';
  let asked: SpokenLanguage | undefined;
  for (const pattern of requests) {
    for (const match of text.matchAll(pattern)) {
      if (noRequest.test(text.slice(Math.max(0, match.index - 40), match.index))) continue;
      asked = names[(match[1] ?? '').toLowerCase()] ?? asked;
    }
  }
  return asked;
}
