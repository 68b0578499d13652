/** Words put to another person by name are not for the agent, whatever window is open. */
import type { TurnRule } from './rule.ts';

export const toSomebodyElse: TurnRule = ({ addressee }) =>
  addressee === undefined
    ? undefined
    : { rule: 'to-somebody-else', action: 'silent', evidence: { to: addressee } };
