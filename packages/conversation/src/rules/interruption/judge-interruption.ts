/** The ordered list of interruption rules: the first that decides wins. */
import { answerToQuestion } from './answer-to-question.ts';
import { backChannel } from './back-channel.ts';
import type { InterruptionFacts, InterruptionRule, InterruptionVerdict } from './interruption-rule.ts';
import { lastingSpeech } from './lasting-speech.ts';
import { noise } from './noise.ts';
import { ownVoice } from './own-voice.ts';
import { realWords } from './real-words.ts';
import { shortSpeech } from './short-speech.ts';
import { sideTalk } from './side-talk.ts';
import { speaksFirst } from './speaks-first.ts';
import { stopWord } from './stop-word.ts';

const rules: readonly InterruptionRule[] = [
  ownVoice,
  sideTalk,
  stopWord,
  speaksFirst,
  answerToQuestion,
  backChannel,
  realWords,
  noise,
  shortSpeech,
  lastingSpeech,
];

/** What to make of speech over a reply, as far as can be said now. */
export function judgeInterruption(facts: InterruptionFacts): InterruptionVerdict {
  for (const rule of rules) {
    const verdict = rule(facts);
    if (verdict !== undefined) return verdict;
  }
  return { action: 'wait' };
}
