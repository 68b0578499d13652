/** Has a language model go on with an answer whose first words people have heard from an agent that died. */
import { foldWords } from './fold-words.ts';
import type { LlmEvent, LlmMessage, LlmPort } from './llm-port.ts';

const note =
  '(Your answer was cut off after the words above. Go on from exactly there: say only what comes next. Repeat nothing, do not greet, and do not mention the cut.)';

/** The same model, asked to go on: its request ends with what was heard, and what it repeats of that is left out. */
export function continuingLlm(llm: LlmPort, heardText: string): LlmPort {
  return {
    label: llm.label,
    takesTools: llm.takesTools === true,
    stream(request, options) {
      const messages: readonly LlmMessage[] = [
        ...request.messages,
        { role: 'assistant', content: heardText },
        { role: 'user', content: note },
      ];
      return leaveOutHeard(llm.stream({ ...request, messages }, options), heardText);
    },
  };
}

async function* leaveOutHeard(events: AsyncIterable<LlmEvent>, heardText: string): AsyncGenerator<LlmEvent> {
  const cut = createRepetitionCutter(heardText);
  for await (const event of events) {
    // What is held back was said before the tool is asked for.
    const text = event.type === 'text' ? cut.push(event.text) : event.type === 'tool-call' ? cut.flush() : '';
    if (text !== '') yield { type: 'text', text };
    if (event.type !== 'text') yield event;
  }
  const rest = cut.flush();
  if (rest !== '') yield { type: 'text', text: rest };
}

/** One word in common is chance, two are a repetition. */
const fewestWords = 2;

/** Takes words off the beginning of a text that are the end of `heardText`, or all of it. Holds back only while that is open. */
export function createRepetitionCutter(heardText: string): {
  push(text: string): string;
  flush(): string;
} {
  const heard = foldWords(heardText).map(({ text }) => text);
  let held = '';
  let isDecided = heard.length < fewestWords;

  const decide = (isEnd: boolean): string => {
    // A last word may go on.
    const wordEnds = [...held.matchAll(/\S+/g)].map(({ index, 0: word }) => index + word.length);
    if (!isEnd && wordEnds.at(-1) === held.length) wordEnds.pop();
    const ends: { readonly end: number; readonly words: number }[] = [];
    const said: string[] = [];
    let from = 0;
    for (const end of wordEnds) {
      said.push(...foldWords(held.slice(from, end)).map(({ text }) => text));
      ends.push({ end, words: said.length });
      from = end;
    }
    let repeatedUntil = 0;
    let isOpen = false;
    for (let start = 0; start <= heard.length - fewestWords; start += 1) {
      const length = heard.length - start;
      if (said.slice(0, length).some((word, index) => word !== heard[start + index])) continue;
      if (said.length < length) isOpen = true;
      else repeatedUntil = Math.max(repeatedUntil, ends.find(({ words }) => words >= length)?.end ?? 0);
    }
    if (isOpen && !isEnd) return '';
    isDecided = true;
    const text = held.slice(repeatedUntil);
    held = '';
    return repeatedUntil > 0 ? text.replace(/^\s+/, '') : text;
  };

  return {
    push(text) {
      if (isDecided) return text;
      held += text;
      return decide(false);
    },
    flush() {
      return isDecided || held === '' ? '' : decide(true);
    },
  };
}
