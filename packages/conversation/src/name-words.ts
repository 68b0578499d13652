/** First names that are ordinary words as well, Italian and English: alone in a sentence they call nobody. */
import { wordSet } from './word-set.ts';

export const nameWords = wordSet(
  'rosa viola bianca gioia chiara marina fiore luce alba stella luna speranza grazia grazie vittoria letizia felice fortunato sole',
  'benedetto angelo leo santo pace franco pia vera mia gaia serena celeste perla asia italia aurora ambra margherita costanza',
  'fede franca pacifico massimo minimo primo secondo quarto settimo ottavio lieto leale beato candida modesto prospero bruna',
  'mark will grace hope faith joy rose bill art may june april august summer dawn ray rob pat jack frank grant max chase hunter',
  'mason dean drew sue bob nick sky star iris ivy lily daisy violet ruby pearl amber crystal gene guy jay lee miles page',
  'rich rusty sandy scarlet sonny stone tab tiffany trip wade ward wing woody carol christian earl duke prince king jean josh gay robin',
);
