/** A GGUF model in this process: contexts kept warm, one answer at a time each. */
import {
  type ChatHistoryItem,
  getLlama,
  LlamaCompletion,
  type LlamaContextSequence,
  LlamaLogLevel,
  type LlamaModel,
  LlamaText,
  resolveChatWrapper,
  type Token,
} from 'node-llama-cpp';
import { EngineError } from '../engine-error.ts';
import type { ChatMessage } from './chat-message.ts';
import { demoLanguages } from './demo-language.ts';
import { demoPrefix, demoPrompt, demoStops } from './demo-prompt.ts';

export type CompletionRequest = {
  readonly messages: readonly ChatMessage[];
  readonly maxTokens: number;
  readonly stops: readonly string[];
  /** 0: always the likeliest word. */
  readonly temperature: number;
  readonly signal: AbortSignal;
  readonly onText: (text: string) => void;
};

export type Completion = {
  readonly finishReason: 'stop' | 'length';
  readonly promptTokens: number;
  readonly completionTokens: number;
};

export type LanguageModel = {
  /** Calls `onText` with pieces of the answer. Rejects with the signal's reason when it aborts. */
  complete(request: CompletionRequest): Promise<Completion>;
  /**
   * Computes the examples of the languages after the first, which opening leaves out to be ready sooner. Answers are
   * given meanwhile. Fulfilled early when the model is closed.
   */
  warmUpRest(): Promise<void>;
  close(): Promise<void>;
};

export type LanguageModelOptions = {
  readonly path: string;
  /** A base model: continued from examples instead of asked through its chat template. */
  readonly demo: boolean;
  readonly threads: number;
  /** Answers at once. */
  readonly concurrency: number;
  /** Layers that a graphics card computes; 0: none. */
  readonly gpuLayers: number;
  /** There is no graphics card that can be used; the processor computes all. */
  readonly onGpuMissing: () => void;
};

const demoContextTokens = 1_024;
const instructContextTokens = 4_096;
/** The demo brain rambles when it is let. */
const demoMaxTokens = 60;
/** The context must not be filled to its last token. */
const reservedTokens = 8;

type Slot = {
  readonly sequence: LlamaContextSequence;
  readonly completion: LlamaCompletion;
  isBusy: boolean;
};

type Prompt = { readonly tokens: Token[]; readonly stops: readonly (string | LlamaText)[] };

export async function openLanguageModel(options: LanguageModelOptions): Promise<LanguageModel> {
  const llama = await getLlama({
    gpu: options.gpuLayers > 0 ? 'auto' : false,
    build: 'never',
    logLevel: LlamaLogLevel.error,
    maxThreads: options.threads,
  });
  const gpuLayers = llama.gpu === false ? 0 : options.gpuLayers;
  if (gpuLayers < options.gpuLayers) options.onGpuMissing();
  const model = await llama.loadModel({ modelPath: options.path, gpuLayers });
  // The demo brain has one state per answer and language, so that each language's examples stay computed.
  const slotCount = options.concurrency * (options.demo ? demoLanguages.length : 1);
  const contextTokens = options.demo ? demoContextTokens : instructContextTokens;
  const context = await model.createContext({
    sequences: slotCount,
    contextSize: contextTokens,
    threads: options.threads,
    // Without it a model with sliding windows forgets the prefix and computes it again.
    swaFullCache: true,
  });
  const slots = Array.from({ length: slotCount }, (): Slot => {
    const sequence = context.getSequence();
    return { sequence, completion: new LlamaCompletion({ contextSequence: sequence }), isBusy: false };
  });
  const buildPrompt = options.demo
    ? (messages: readonly ChatMessage[]): Prompt => ({
        tokens: model.tokenize(demoPrompt(messages)),
        stops: demoStops,
      })
    : instructPrompts(model, contextTokens);

  // One word, or the examples of the first language.
  const [firstPrefix = [], ...otherPrefixes] = (options.demo ? demoLanguages.map(demoPrefix) : ['Hello']).map(
    (prefix) => model.tokenize(prefix),
  );
  const closing = new AbortController();
  let warmUp: { readonly prefix: readonly Token[]; readonly done: Promise<void> } | undefined;
  await compute(firstPrefix);

  /** Leaves the prefix computed in a slot, unless an answer has done so already. */
  async function compute(prefix: readonly Token[]): Promise<void> {
    if (slots.some((slot) => sharedPrefix(computedTokens(slot), prefix) === prefix.length)) return;
    const slot = takeSlot(slots, prefix);
    const { promise: done, resolve } = Promise.withResolvers<void>();
    warmUp = { prefix, done };
    try {
      await slot.completion.generateCompletion([...prefix], { maxTokens: 1, signal: closing.signal });
    } finally {
      slot.isBusy = false;
      warmUp = undefined;
      resolve();
    }
  }

  return {
    async complete(request) {
      const maxTokens = options.demo ? Math.min(request.maxTokens, demoMaxTokens) : request.maxTokens;
      const { tokens, stops } = buildPrompt(request.messages);
      const room = contextTokens - tokens.length - reservedTokens;
      if (room < 1) {
        throw new EngineError(
          'invalid_request',
          `The messages are ${tokens.length} tokens long; the context holds ${contextTokens}. Send fewer or shorter ones.`,
        );
      }
      // The slot that is being prepared for this very prompt is sooner done than another from its start.
      if (warmUp !== undefined && sharedPrefix(warmUp.prefix, tokens) >= worthwhilePrefixTokens) {
        await warmUp.done;
      }
      const slot = takeSlot(slots, tokens);
      let completionTokens = 0;
      try {
        const result = await slot.completion.generateCompletionWithMeta([...tokens], {
          maxTokens: Math.min(maxTokens, room),
          temperature: request.temperature,
          customStopTriggers: [...stops, ...request.stops],
          signal: request.signal,
          onTextChunk: firstTrimmed(request.onText),
          onToken: (made) => {
            completionTokens += made.length;
          },
        });
        const finishReason = result.metadata.stopReason === 'maxTokens' ? 'length' : 'stop';
        return { finishReason, promptTokens: tokens.length, completionTokens };
      } finally {
        slot.isBusy = false;
      }
    },
    async warmUpRest() {
      for (const prefix of otherPrefixes) {
        if (closing.signal.aborted) return;
        try {
          await compute(prefix);
        } catch (error) {
          if (!closing.signal.aborted) throw error;
        }
      }
    },
    async close() {
      closing.abort();
      await warmUp?.done;
      await context.dispose();
      await model.dispose();
      await llama.dispose();
    },
  };
}

/** The model begins its answer with the space after the label. */
function firstTrimmed(onText: (text: string) => void): (text: string) => void {
  let hasBegun = false;
  return (text) => {
    const shown = hasBegun ? text : text.trimStart();
    if (shown === '') return;
    hasBegun = true;
    onText(shown);
  };
}

/** The prompt and answer that the slot holds, without the beginning token that the completion puts before each. */
function computedTokens({ sequence }: Slot): readonly Token[] {
  const { bos } = sequence.model.tokens;
  const [first, ...rest] = sequence.contextTokens;
  return first !== undefined && first === bos ? rest : sequence.contextTokens;
}

/** A shared beginning shorter than this is chance, such as the token that opens every text. */
const worthwhilePrefixTokens = 32;

/** The idle slot whose state is worth most to the prompt; without one, the slot with the least to lose. */
function takeSlot(slots: readonly Slot[], tokens: readonly Token[]): Slot {
  const ranked = slots
    .filter((slot) => !slot.isBusy)
    .map((slot) => {
      const shared = sharedPrefix(computedTokens(slot), tokens);
      return {
        slot,
        worth: shared < worthwhilePrefixTokens ? 0 : shared,
        loss: slot.sequence.contextTokens.length,
      };
    })
    .toSorted((one, other) => other.worth - one.worth || one.loss - other.loss);
  const [best] = ranked;
  if (best === undefined) {
    throw new EngineError('overloaded', 'The language model has no free context.', { retryAfterSeconds: 1 });
  }
  best.slot.isBusy = true;
  return best.slot;
}

function sharedPrefix(one: readonly Token[], other: readonly Token[]): number {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index += 1) if (one[index] !== other[index]) return index;
  return length;
}

/** Prompts through the model's own chat template; the oldest messages leave when the context would overflow. */
function instructPrompts(model: LlamaModel, contextTokens: number) {
  const wrapper = resolveChatWrapper(model);
  return (messages: readonly ChatMessage[]): Prompt => {
    let kept = [...messages];
    for (;;) {
      const state = wrapper.generateContextState({ chatHistory: chatHistory(kept) });
      const tokens = state.contextText.tokenize(model.tokenizer);
      const oldest = kept.findIndex((message) => message.role !== 'system');
      const isLastQuestion = kept.length - oldest <= 1;
      // A quarter of the context is the answer's.
      if (tokens.length <= contextTokens * 0.75 || oldest < 0 || isLastQuestion) {
        return { tokens, stops: state.stopGenerationTriggers.map((trigger) => LlamaText(trigger)) };
      }
      kept = kept.toSpliced(oldest, 1);
    }
  };
}

function chatHistory(messages: readonly ChatMessage[]): ChatHistoryItem[] {
  const items = messages.map((message): ChatHistoryItem => {
    switch (message.role) {
      case 'system':
        return { type: 'system', text: message.content };
      case 'user':
        return { type: 'user', text: message.content };
      case 'assistant':
        return { type: 'model', response: [message.content] };
      default:
        return message.role satisfies never;
    }
  });
  // The template leaves its end open at the answer that is to be written.
  return [...items, { type: 'model', response: [] }];
}
