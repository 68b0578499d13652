/** What the model reads about its tool calls. A result is data in a field of its own, never an instruction. */
import type { Effect } from '@sophy/conversation/effect';

/** What has become of an effect. */
export function effectWords(effect: Pick<Effect, 'state' | 'gate' | 'result'>): string {
  const { state, gate, result = '' } = effect;
  switch (state) {
    case 'proposed':
      return gate === 'heard'
        ? words('waiting', 'It happens once your goodbye has been heard. Say one short goodbye now.')
        : words(
            'waiting for a yes',
            'Nothing has been done. Say in one sentence what would be done and ask for a yes or a no. Do not call the tool again for it.',
          );
    case 'armed':
    case 'executing':
      return words(
        'running',
        'It is being done; the result is not there yet. Do not call the tool again for it.',
      );
    case 'executed':
    case 'delivered':
      return doneWords(result);
    case 'discarded':
      return words('not done', 'It was dropped before it was begun.');
    case 'refused':
      return words('not done', 'The person did not say yes to it.');
    case 'failed':
      return failedWords(result === '' ? 'it cannot be done right now' : result);
    case 'uncertain':
      return words(
        'uncertain',
        'It was begun and its result was lost: it may or may not have been done. Say so honestly. Do not call the tool again for it.',
      );
    default:
      return state satisfies never;
  }
}

export function doneWords(result: string): string {
  return JSON.stringify({ status: 'done', result });
}

export function failedWords(reason: string): string {
  return JSON.stringify({ status: 'failed', reason, note: 'It was not done. Say so honestly.' });
}

/** The call itself was wrong: the model may call again. */
export function wrongCallWords(problem: string): string {
  return JSON.stringify({
    status: 'wrong call',
    problem,
    note: 'Nothing was done. Correct the call, or ask.',
  });
}

function words(status: string, note: string): string {
  return JSON.stringify({ status, note });
}
