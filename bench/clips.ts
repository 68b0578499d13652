/** What is said in the benches, and when: the same in every run. */

/** Turns at the start of each bench that are spoken but not counted: buffers and models are still settling. */
export const warmUpTurns = 2;

/** Questions that sound finished, short and long. */
export const questions = [
  { text: 'What time does the library open on Saturday?', reply: 'It opens at nine in the morning.' },
  { text: 'How far is the station from here?', reply: 'It is about ten minutes on foot.' },
  { text: 'Can you tell me what the weather is like today?', reply: 'It is sunny and warm.' },
  { text: 'Please remind me to call my mother tomorrow.', reply: 'Of course, I will remind you.' },
  { text: 'Which bus goes to the city center?', reply: 'Take bus number twelve.' },
] as const;

/** Pauses of 700 to 1,000 ms in steps that share no period with 10 or 20 ms frames, so that phases are spread evenly. */
export function pauseBeforeTurnMs(turn: number): number {
  return 700 + ((turn * 137) % 300);
}

/** A question by name whose answer takes some 15 s, so that there is something to interrupt. */
export const longQuestion = {
  text: 'Sophy, what is there to see in the museum?',
  reply:
    'The museum opens at ten in the morning and closes at six in the evening. On the first floor you find the paintings of the last century. On the second floor there are the sculptures, and under the roof there is a small coffee house with a fine view of the river.',
} as const;

/** What the other person says over it, in one breath. */
export const interruption = 'Wait a moment, I think that we should go there by train.';

/** How far into the reply the interruption begins, 600 to 4,000 ms, spread evenly. */
export function interruptionAtMs(turn: number): number {
  return 600 + ((turn * 1_237) % 3_400);
}
