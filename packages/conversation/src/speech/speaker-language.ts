/** The language of one person, followed from utterance to utterance. */
import { askedLanguage } from './asked-language.ts';
import { detectLanguage } from './detect-language.ts';
import { asSpokenLanguage, type SpokenLanguage } from './spoken-language.ts';

export type SpeakerLanguage = {
  /** Undefined: nothing that tells has been said yet. */
  readonly language: SpokenLanguage | undefined;
  /** The person asked for it in the other language: only another request, or using it, ends that. */
  readonly isAsked: boolean;
  /** Short utterances of the other language in a row. */
  readonly strayCount: number;
};

type HeardWords = {
  readonly text: string;
  /** What the engine says it heard; undefined: it does not say. */
  readonly engineLanguage: string | undefined;
  /** Lower-case words that say nothing, such as names of who is there. */
  readonly ignored?: ReadonlySet<string>;
};

export const unknownSpeakerLanguage: SpeakerLanguage = { language: undefined, isAsked: false, strayCount: 0 };

/** A sentence has as many words, and at least so much speaks for its language. */
const sentenceWords = 3;
const sentenceEvidence = 1.9;
/** So many short utterances in a row are no loan words any more. */
const strayLimit = 2;
/** The engine may know better where the words hardly tell. */
const sureEvidence = 1;

/**
 * What is known after these words. A request changes the language at once, and so does a whole sentence; one short
 * foreign word does not. The words are believed rather than the engine, unless they do not tell.
 */
export function followSpeakerLanguage(known: SpeakerLanguage, heard: HeardWords): SpeakerLanguage {
  const detected = detectLanguage(heard.text, heard.ignored);
  const ofWords = detected.language === 'unknown' ? undefined : detected.language;
  const engine = asSpokenLanguage(heard.engineLanguage);
  const spoken = ofWords !== undefined && detected.evidence >= sureEvidence ? ofWords : (engine ?? ofWords);
  const asked = askedLanguage(heard.text, heard.ignored);
  if (asked !== undefined)
    return { language: asked, isAsked: spoken !== undefined && spoken !== asked, strayCount: 0 };
  if (spoken === undefined) return known;
  if (spoken === known.language) {
    const isUsed = ofWords === known.language && detected.words >= sentenceWords;
    return { language: spoken, isAsked: known.isAsked && !isUsed, strayCount: 0 };
  }
  if (known.language === undefined) return { language: spoken, isAsked: false, strayCount: 0 };
  if (known.isAsked) return known;
  const isSentence =
    ofWords === spoken && detected.words >= sentenceWords && detected.evidence >= sentenceEvidence;
  const strayCount = known.strayCount + 1;
  if (isSentence || (ofWords === spoken && strayCount >= strayLimit)) {
    return { language: spoken, isAsked: false, strayCount: 0 };
  }
  // An engine alone, without words that tell, changes nothing: it is wrong about short sounds most of all.
  return ofWords === spoken ? { ...known, strayCount } : known;
}
