/** What each rule of the turn policy means, in words. A rule that is not listed shows under its own name. */
import type { DecisionAction, WaitReason } from '@sophy/contracts/room-messages';

export const ruleTexts = {
  // About a turn.
  'own-voice': 'rules.ownVoice',
  'heard-twice': 'rules.heardTwice',
  held: 'rules.held',
  'back-channel': 'rules.backChannel',
  addressed: 'rules.addressed',
  wake: 'rules.wake',
  'raised-hand': 'rules.raisedHand',
  'to-somebody-else': 'rules.toSomebodyElse',
  'wake-window': 'rules.wakeWindow',
  'follow-up': 'rules.followUp',
  forced: 'rules.forced',
  'only-human': 'rules.onlyHuman',
  'record-only': 'rules.recordOnly',
  'answer-now': 'rules.answerNow',
  private: 'rules.private',
  greeting: 'rules.greeting',
  // About speech over a reply.
  'may-not-interrupt': 'rules.mayNotInterrupt',
  'stop-word': 'rules.stopWord',
  'side-talk': 'rules.sideTalk',
  'answer-to-question': 'rules.answerToQuestion',
  'real-words': 'rules.realWords',
  noise: 'rules.noise',
  'short-speech': 'rules.shortSpeech',
  'lasting-speech': 'rules.lastingSpeech',
  'speaks-first': 'rules.speaksFirst',
  'patience-over': 'rules.patienceOver',
  left: 'rules.left',
  // About replies as such.
  'stop-request': 'rules.stopRequest',
  'room-empty': 'rules.roomEmpty',
  'asker-left': 'rules.askerLeft',
  'too-late': 'rules.tooLate',
  'queue-full': 'rules.queueFull',
  drain: 'rules.drain',
} as const;

/** What was done, as it stands under a line of the transcript. */
export const actionTexts = {
  answer: 'actions.answer',
  silent: 'actions.silent',
  stop: 'actions.stop',
  resume: 'actions.resume',
  ignore: 'actions.ignore',
  drop: 'actions.drop',
} as const satisfies Record<DecisionAction, string>;

/** What the agent does just now, about a person and by a rule. */
export const nowTexts = {
  answer: 'now.answer',
  silent: 'now.silent',
  stop: 'now.stop',
  resume: 'now.resume',
  ignore: 'now.ignore',
  drop: 'now.drop',
} as const satisfies Record<DecisionAction, string>;

export const waitTexts = {
  complete: 'waiting.complete',
  question: 'waiting.question',
  'unfinished-sentence': 'waiting.unfinishedSentence',
  dictation: 'waiting.dictation',
  hesitation: 'waiting.hesitation',
  uncertain: 'waiting.uncertain',
} as const satisfies Record<WaitReason, string>;

type RuleText = (typeof ruleTexts)[keyof typeof ruleTexts];

/** The rule in words; a rule of a newer service keeps its name, with spaces. */
export function ruleInWords(rule: string, t: (text: RuleText) => string): string {
  const known = Object.entries(ruleTexts).find(([name]) => name === rule)?.[1];
  return known ? t(known) : rule.replaceAll('-', ' ');
}
