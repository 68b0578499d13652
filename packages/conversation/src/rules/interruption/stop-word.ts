/** "Stop", "aspetta": an order to be quiet needs no second word. */
import { ordersSilence } from '../../stop-words.ts';
import type { InterruptionRule } from './interruption-rule.ts';

export const stopWord: InterruptionRule = ({ words }) =>
  ordersSilence(words) ? { action: 'stop', rule: 'stop-word' } : undefined;
