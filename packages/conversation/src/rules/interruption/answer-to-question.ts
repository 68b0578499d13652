/** The agent has asked: a mere "yes" is an answer, not a nod. */
import type { InterruptionRule } from './interruption-rule.ts';

export const answerToQuestion: InterruptionRule = ({ afterQuestion, words }) =>
  afterQuestion && words !== '' ? { action: 'stop', rule: 'answer-to-question' } : undefined;
