/** The model with its tools: what it says and asks for, the results, and what it says about them; as one stream for the voice. */
import type { LlmMessage, LlmPort, LlmToolCall } from '@sophy/conversation/llm-port';
import type { SpokenLanguage } from '@sophy/conversation/speech/spoken-language';
import type { ReplyTools, ToolExchange } from './reply-tools.ts';

export type Thought =
  /** Of the model, as it comes. */
  | { readonly type: 'text'; readonly text: string }
  /** Not of the model: said at once, while a tool is slow. */
  | { readonly type: 'filler'; readonly text: string }
  /** What was said so far is said now: something else comes first. */
  | { readonly type: 'pause' };

export type ThinkOptions = {
  readonly llm: LlmPort;
  readonly messages: readonly LlmMessage[];
  readonly maxTokens: number;
  /** Left out: the reply has none. */
  readonly tools?: Pick<ReplyTools, 'offered' | 'started' | 'earlier' | 'call'> | undefined;
  readonly language: SpokenLanguage;
  readonly signal: AbortSignal;
};

/** Then the model has to answer with what it has. */
const mostRounds = 3;
/** An answer for the ear that needs more asks for something else. */
const mostCallsOfRound = 4;
/** A person who hears nothing for longer than this wonders, ms. */
const patienceMs = 1_200;

const fillers = { en: 'One moment…', it: 'Un attimo…' } as const;
const farewells = { en: 'Goodbye!', it: 'Arrivederci!' } as const;

/** Ends when the answer is complete. Throws what the model's port throws, and the signal's reason when it aborts. */
export async function* think(options: ThinkOptions): AsyncGenerator<Thought, void, undefined> {
  const { llm, messages, maxTokens, tools, language, signal } = options;
  if (tools === undefined || llm.takesTools !== true) {
    for await (const event of llm.stream({ messages, maxTokens }, { signal }))
      if (event.type === 'text' && event.text !== '') yield event;
    return;
  }
  let isPatient = true;
  async function* patiently<T>(
    work: Promise<T>,
    started: Promise<void>,
  ): AsyncGenerator<Thought, T, undefined> {
    if (isPatient && (await isSlow(work, started))) {
      isPatient = false;
      yield { type: 'filler', text: fillers[language] };
    }
    return work;
  }
  let context = withExchanges(messages, yield* patiently(tools.earlier(signal), tools.started(signal)));
  for (let round = 0; ; round += 1) {
    const isLast = round === mostRounds;
    const calls: LlmToolCall[] = [];
    let said = '';
    const request = { messages: context, maxTokens, tools: isLast ? [] : tools.offered };
    for await (const event of llm.stream(request, { signal })) {
      if (event.type === 'tool-call') calls.push(event);
      if (event.type !== 'text' || event.text === '') continue;
      said += event.text;
      yield event;
    }
    if (calls.length === 0 || isLast) return;
    yield { type: 'pause' };
    // Words of the model's own fill the wait.
    if (said.trim() !== '') isPatient = false;
    const made = Promise.all(
      calls.map(async (call, index) =>
        index < mostCallsOfRound
          ? { call, ...(await tools.call(call, signal)) }
          : { call, content: tooMany, isFarewell: false },
      ),
    );
    const outcomes = yield* patiently(made, tools.started(signal));
    if (outcomes.every(({ isFarewell }) => isFarewell)) {
      if (said.trim() === '') yield { type: 'text', text: farewells[language] };
      return;
    }
    context = [
      ...context,
      { role: 'assistant', content: said, toolCalls: calls },
      ...outcomes.map(({ call: { callId }, content }) => ({ role: 'tool' as const, callId, content })),
    ];
  }
}

const tooMany = JSON.stringify({ status: 'not done', note: `At most ${mostCallsOfRound} calls at once.` });

/** Whether the work goes on for longer than people wait in silence, counted from when they wait. */
async function isSlow(work: Promise<unknown>, started: Promise<void>): Promise<boolean> {
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isLate = new Promise<boolean>((resolve) => {
    const wait = (): void => {
      if (!isOver) timer = setTimeout(() => resolve(true), patienceMs);
    };
    // A reply that is given up before it is started has nobody who waits.
    started.then(wait, () => undefined);
  });
  const isDone = work.then(
    () => false,
    () => false,
  );
  const answer = await Promise.race([isDone, isLate]);
  isOver = true;
  clearTimeout(timer);
  return answer;
}

/** Puts what tools gave before right in front of the words to be answered. */
function withExchanges(
  messages: readonly LlmMessage[],
  exchanges: readonly ToolExchange[],
): readonly LlmMessage[] {
  if (exchanges.length === 0) return messages;
  const told = exchanges.flatMap(({ call, content }): readonly LlmMessage[] => [
    { role: 'assistant', content: '', toolCalls: [call] },
    { role: 'tool', callId: call.callId, content },
  ]);
  const last = messages.findLastIndex(({ role }) => role === 'user');
  return last === -1
    ? [...messages, ...told]
    : [...messages.slice(0, last), ...told, ...messages.slice(last)];
}
