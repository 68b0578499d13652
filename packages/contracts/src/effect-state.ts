/** How far a call of a tool that changes something in the world has come. */

/**
 * - `proposed`: the model asked for it; nothing will happen unless its gate opens.
 * - `armed`: it will be executed exactly once, whatever people say now; from here on it is in the database.
 * - `executing`: the receiver may have been asked.
 * - `executed`: the receiver has answered that it is done.
 * - `delivered`: executed, and a reply that knew of it was heard to its end.
 * - `discarded`: its reply was thrown away or cut before the gate opened.
 * - `refused`: the person did not confirm it.
 * - `failed`: it was certainly not done.
 * - `uncertain`: its execution began and nobody knows how it ended; it is never run again.
 */
export const effectStates = [
  'proposed',
  'armed',
  'executing',
  'executed',
  'delivered',
  'discarded',
  'refused',
  'failed',
  'uncertain',
] as const;
export type EffectState = (typeof effectStates)[number];
