/** Italian or English, told from common words: enough for the demo brain's two sets of examples. */

export type DemoLanguage = 'en' | 'it';
export const demoLanguages: readonly DemoLanguage[] = ['en', 'it'];

const italianWords = new Set(
  'il lo la gli le un una uno di del della dei da in con su per tra fra che chi cosa come dove quando quanto quanti quale qual perché è sono sei sei ho hai ha abbiamo non mi ti si ci vi e o ma anche ciao grazie prego buongiorno buonasera buonanotte puoi vuoi posso dimmi raccontami fa fai oggi domani ieri questo questa più sì no bene'.split(
    ' ',
  ),
);
const englishWords = new Set(
  'the a an of to in on for with from and or but what who where when why how which is are am was were do does did can could would you i me my your it this that there hello hi hey thanks thank please tell good morning night not no yes today tomorrow'.split(
    ' ',
  ),
);

/** The language with more of its common words in the text; English when it cannot be told. */
export function demoLanguage(text: string): DemoLanguage {
  const words = text.toLowerCase().split(/[^\p{L}]+/u);
  const italian = words.filter((word) => italianWords.has(word)).length;
  const english = words.filter((word) => englishWords.has(word)).length;
  const hasAccent = /[àèéìòù]/.test(text.toLowerCase());
  return italian + (hasAccent ? 1 : 0) > english ? 'it' : 'en';
}
