/** Whether something the agent says wants an answer, and whether it wants a confirmation. Italian and English. */
import { foldWords } from './fold-words.ts';

const confirmations = [
  'confirm',
  'is that right',
  'is that correct',
  'is this right',
  'is this correct',
  'did i get that right',
  'shall i go ahead',
  'shall i book',
  'shall i proceed',
  'conferma',
  'confermi',
  'confermo',
  'confermare',
  'e corretto',
  'e giusto',
  'va bene cosi',
  'procedo',
  'prenoto',
];

/** The words end in a question. */
export function asksQuestion(text: string): boolean {
  return /\?["'”»)\s]*$/u.test(text);
}

/** The words ask somebody to confirm something before it is done. */
export function asksConfirmation(text: string): boolean {
  if (!text.includes('?')) return false;
  const folded = ` ${foldWords(text)
    .map((word) => word.text)
    .join(' ')} `;
  return confirmations.some((phrase) => folded.includes(` ${phrase} `));
}
