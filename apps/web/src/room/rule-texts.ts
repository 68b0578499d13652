/** What each rule of the turn policy means, in words. A rule that is not listed shows under its own name. */
import type { RoomNotice } from '@sophy/contracts/room-messages';

export const ruleTexts = {
  held: 'rules.held',
  'barge-in': 'rules.bargeIn',
  addressed: 'rules.addressed',
  wake: 'rules.wake',
  'wake-window': 'rules.wakeWindow',
  'follow-up': 'rules.followUp',
  'only-human': 'rules.onlyHuman',
  forced: 'rules.forced',
  'record-only': 'rules.recordOnly',
  'stop-request': 'rules.stopRequest',
} as const;

export const actionTexts = {
  answer: 'actions.answer',
  silent: 'actions.silent',
  stop: 'actions.stop',
  resume: 'actions.resume',
  ignore: 'actions.ignore',
} as const satisfies Record<Extract<RoomNotice, { type: 'decision' }>['action'], string>;

export type RuleText = (typeof ruleTexts)[keyof typeof ruleTexts];

export function ruleTextOf(rule: string): RuleText | null {
  const entry = Object.entries(ruleTexts).find(([name]) => name === rule);
  return entry?.[1] ?? null;
}
