/** Words as they are compared: without case, accents and marks, one blank between them. */
import { foldWords } from '@sophy/conversation/fold-words';

export function bareWords(text: string): string {
  return foldWords(text)
    .map((word) => word.text)
    .join(' ');
}
