/** A language model that does not fail as long as one of its engines works. */
import type { EngineUsage } from '@sophy/contracts/engine-usage';
import type { LlmEvent, LlmPort, LlmRequest } from '@sophy/conversation/llm-port';
import { continuingLlm } from '@sophy/conversation/recover-continuation';
import { answerAcross } from './answer-across.ts';
import type { Chain } from './chain.ts';
import type { EngineLink } from './engine-link.ts';
import { isUnbilled } from './is-unbilled.ts';

/**
 * Asks the engines of the chain in order. One that breaks off in the middle of its words is taken over by another, which
 * goes on from there; what asked for a tool is never asked again.
 */
export function createResilientLlm(chain: Chain<LlmPort>): LlmPort {
  const [chosen] = chain.links;
  return {
    get label() {
      return chosen.port.label;
    },
    get takesTools() {
      return chosen.port.takesTools === true;
    },
    stream: (request, { signal }) => answer(chain, request, signal),
  };
}

function answer(chain: Chain<LlmPort>, request: LlmRequest, signal: AbortSignal): AsyncIterable<LlmEvent> {
  let text = '';
  let isTakenOver = false;
  let hasAskedForTool = false;
  return answerAcross(chain, {
    open: (link, stop) => metered(chain, link, requestFor(link, request), text, stop),
    isMidway: () => text !== '',
    give(event) {
      if (event.type === 'tool-call') hasAskedForTool = true;
      if (event.type !== 'text') return event;
      const words = isTakenOver ? joined(text, event.text) : event.text;
      isTakenOver = false;
      text += words;
      return { type: 'text', text: words };
    },
    afterBreak() {
      isTakenOver = text !== '';
      return hasAskedForTool ? 'give-up' : 'go-on';
    },
    signal,
  });
}

/** Words that go on where another engine broke off: models give a word with the blank before it, those that go on do not. */
function joined(before: string, words: string): string {
  return /\S$/.test(before) && /^[\p{L}\p{N}]/u.test(words) ? ` ${words}` : words;
}

/** An engine that takes no tools is asked for words. */
function requestFor({ port }: EngineLink<LlmPort>, request: LlmRequest): LlmRequest {
  return port.takesTools === true ? request : { ...request, tools: [] };
}

/** About four characters a token, as OpenAI's documentation of its tokenizer says for English. */
const charactersPerToken = 4;

async function* metered(
  { events }: Chain<LlmPort>,
  { port, engine, model }: EngineLink<LlmPort>,
  request: LlmRequest,
  givenText: string,
  signal: AbortSignal,
): AsyncGenerator<LlmEvent, void, undefined> {
  let usage: Extract<LlmEvent, { type: 'usage' }> | undefined;
  let characters = 0;
  let outcome: EngineUsage['outcome'] = 'cut';
  let isFree = false;
  const source = givenText === '' ? port : continuingLlm(port, givenText);
  try {
    for await (const event of source.stream(request, { signal })) {
      if (event.type === 'usage') usage = event;
      if (event.type === 'text') characters += event.text.length;
      yield event;
    }
    outcome = 'complete';
  } catch (error) {
    if (!signal.aborted) outcome = 'failed';
    isFree = isUnbilled(error, characters > 0);
    throw error;
  } finally {
    const promptCharacters = isFree
      ? 0
      : request.messages.reduce((sum, { content }) => sum + content.length, 0);
    events.onUsage({
      stage: 'llm',
      engine,
      model,
      promptTokens: usage?.promptTokens ?? Math.ceil(promptCharacters / charactersPerToken),
      ...(usage?.cachedPromptTokens === undefined ? {} : { cachedPromptTokens: usage.cachedPromptTokens }),
      completionTokens: usage?.completionTokens ?? Math.ceil(characters / charactersPerToken),
      isEstimated: usage === undefined,
      outcome,
    });
  }
}
