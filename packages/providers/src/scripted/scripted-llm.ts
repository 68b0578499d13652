/** A language model in the same process that answers by a function, word after word at an exact pace. */
import type { LlmPort, LlmRequest, LlmToolCall } from '@sophy/conversation/llm-port';
import type { ProviderError } from '@sophy/conversation/provider-error';
import { type ScriptedSleep, systemSleep, waitOrCancel } from './scripted-sleep.ts';

/** Words, or words and then tool calls. */
export type ScriptedAnswer = string | { readonly text?: string; readonly toolCalls: readonly LlmToolCall[] };

export type ScriptedLlmOptions = {
  readonly reply: (request: LlmRequest) => ScriptedAnswer;
  readonly firstTokenMs: number;
  /** Words a second after the first one; undefined: all at once. */
  readonly tokensPerSecond?: number;
  /** A failure for the call of this number, from 0; undefined: it works. */
  readonly failure?: (call: number) => ProviderError | undefined;
  readonly sleep?: ScriptedSleep;
};

export type ScriptedLlmCall = {
  readonly request: LlmRequest;
  /** Text given so far. */
  given: string;
  /** `cut`: the caller left before the end, or the call failed. */
  outcome: 'running' | 'complete' | 'cut';
};
export type ScriptedLlm = LlmPort & { readonly calls: readonly ScriptedLlmCall[] };

export function createScriptedLlm(options: ScriptedLlmOptions): ScriptedLlm {
  const calls: ScriptedLlmCall[] = [];
  const sleep = options.sleep ?? systemSleep;
  return {
    label: 'scripted',
    takesTools: true,
    calls,
    async *stream(request, { signal }) {
      const call: ScriptedLlmCall = { request, given: '', outcome: 'running' };
      const index = calls.push(call) - 1;
      try {
        const { text: reply = '', toolCalls } = readAnswer(options.reply(request));
        const words = wordsOf(reply);
        let waitMs = options.firstTokenMs;
        await waitOrCancel('llm', sleep, waitMs, signal);
        const failure = options.failure?.(index);
        if (failure !== undefined) throw failure;
        waitMs = 0;
        for (const text of words) {
          await waitOrCancel('llm', sleep, waitMs, signal);
          call.given += text;
          yield { type: 'text', text };
          waitMs = options.tokensPerSecond === undefined ? 0 : 1_000 / options.tokensPerSecond;
        }
        for (const toolCall of toolCalls) yield { type: 'tool-call', ...toolCall };
        yield { type: 'usage', promptTokens: request.messages.length, completionTokens: words.length };
        call.outcome = 'complete';
      } finally {
        if (call.outcome === 'running') call.outcome = 'cut';
      }
    },
  };
}

/** A scripted answer in its long form. */
export function readAnswer(answer: ScriptedAnswer): Exclude<ScriptedAnswer, string> {
  return typeof answer === 'string' ? { text: answer, toolCalls: [] } : answer;
}

/** A text in pieces of one word with the space before it, as models give them. */
export function wordsOf(text: string): string[] {
  return text.match(/\s*\S+/g) ?? [];
}
