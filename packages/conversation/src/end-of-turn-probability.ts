/** One probability from all that the audio model has answered in one pause. */

/** Answers are kept this far from certainty, so that one of them never outweighs all others. */
const margin = 0.001;

/**
 * The mean of the answers as log-odds: one answer jumps about with the noise of the room, several in the same silence
 * do not. Undefined when there is none.
 * @param answers Probabilities that the turn is over, asked at different lengths of the same silence, 0..1.
 */
export function endOfTurnProbability(answers: readonly number[]): number | undefined {
  if (answers.length === 0) return undefined;
  const logOdds = answers.map((answer) => {
    const probability = Math.min(1 - margin, Math.max(margin, answer));
    return Math.log(probability / (1 - probability));
  });
  const mean = logOdds.reduce((sum, value) => sum + value, 0) / logOdds.length;
  return 1 / (1 + Math.exp(-mean));
}
