/** A language model that does not fail as long as one of its engines works. */
import type { EngineUsage } from '@sophy/contracts/engine-usage';
import type { LlmEvent, LlmPort, LlmRequest } from '@sophy/conversation/llm-port';
import { continuingLlm } from '@sophy/conversation/recover-continuation';
import { asProviderError, type Chain, linkName, linksAfter, mostWaitMs } from './chain.ts';
import type { EngineLink } from './engine-link.ts';
import { isUnbilled } from './is-unbilled.ts';
import { raceLinks, tooLate } from './race-links.ts';
import { withinGap } from './within-gap.ts';

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

async function* answer(
  chain: Chain<LlmPort>,
  request: LlmRequest,
  signal: AbortSignal,
): AsyncGenerator<LlmEvent, void, undefined> {
  const { links, gate, events } = chain;
  for (const link of links) gate.watch(link);
  const failed: EngineLink<LlmPort>[] = [];
  let text = '';
  let hasAskedForTool = false;
  const { clock } = gate;
  let waitedMs = 0;
  let lastMs = clock.nowMs();
  for (let asked: readonly EngineLink<LlmPort>[] = links; ; asked = linksAfter(chain, failed)) {
    const stop = new AbortController();
    const { link, items } = await raceLinks({
      links: asked,
      open: (it, stop) => metered(chain, it, requestFor(it, request), text, stop),
      gate,
      // The chosen engine has its own patience; those that go on share what is left.
      ...(failed.length > 0 ? { budgetMs: mostWaitMs - waitedMs } : {}),
      signal: AbortSignal.any([signal, stop.signal]),
      onFailure: (_link, error) => events.onFailure(error),
    });
    const from = failed.at(-1) ?? links[0];
    const isMidway = text !== '';
    let hasGoneOn = false;
    if (link !== from)
      events.onTakeover({ stage: 'llm', from: linkName(from), to: linkName(link), isMidway });
    waitedMs += clock.nowMs() - lastMs;
    lastMs = clock.nowMs();
    // Who goes on may not make people wait for the whole of its patience once more.
    const inTime =
      failed.length === 0
        ? items
        : withinGap(items, mostWaitMs - waitedMs, clock, () => {
            stop.abort();
            return tooLate(link);
          });
    try {
      for await (const event of inTime) {
        lastMs = clock.nowMs();
        if (event.type === 'tool-call') hasAskedForTool = true;
        if (event.type !== 'text') {
          yield event;
          continue;
        }
        const isFirst = isMidway && !hasGoneOn;
        hasGoneOn = true;
        const words = isFirst ? joined(text, event.text) : event.text;
        text += words;
        yield { type: 'text', text: words };
        // Time that the reader takes is nobody's waiting.
        lastMs = clock.nowMs();
      }
      return;
    } catch (error) {
      failed.push(link);
      waitedMs += clock.nowMs() - lastMs;
      lastMs = clock.nowMs();
      const isOver = hasAskedForTool || waitedMs >= mostWaitMs || linksAfter(chain, failed).length === 0;
      if (signal.aborted || isOver) throw error;
      events.onFailure(asProviderError(error, link));
    }
  }
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
