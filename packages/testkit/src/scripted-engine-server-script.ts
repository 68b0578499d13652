/** What a scripted engine server is told to do and what it has been asked: the state behind its routes. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import type { LlmMessage } from '@sophy/conversation/llm-port';
import type { EngineFault } from '@sophy/providers/http/engine-fault';
import { readAnswer, type ScriptedAnswer } from '@sophy/providers/scripted/scripted-llm';
import { readTranscripts, type TranscriptScript } from '@sophy/providers/scripted/transcript-script';

export type ScriptedStage = 'stt' | 'llm' | 'tts' | 'realtime';

/** Waits that the server injects, ms. */
export type ScriptedDelays = {
  /** From the upload being complete to the transcript. */
  readonly sttMs: number;
  /** From the last voiced sample having arrived to the final text of the realtime variant. */
  readonly realtimeMs: number;
  readonly llmFirstTokenMs: number;
  readonly ttsFirstByteMs: number;
};

type RecordedCommon = {
  /** Unix time at which the request was complete, ms with fractions. */
  readonly atMs: number;
  readonly authorization: string | undefined;
  readonly model: string | undefined;
  readonly fault: EngineFault['type'] | undefined;
  /** Measured wait before the first piece of the answer, ms; undefined until it was given. */
  waitedMs: number | undefined;
  /** `cut`: the client left, or a fault ended it. */
  outcome: 'running' | 'complete' | 'cut';
};

export type RecordedRequest = RecordedCommon &
  (
    | {
        readonly stage: 'stt';
        readonly audio: PcmAudio;
        readonly language: string | undefined;
        readonly text: string;
      }
    | {
        readonly stage: 'llm';
        readonly messages: readonly LlmMessage[];
        /** Names of the tools that were offered. */
        readonly tools: readonly string[];
        readonly reply: string;
        readonly toolCalls: Exclude<ScriptedAnswer, string>['toolCalls'];
      }
    | {
        readonly stage: 'tts';
        readonly text: string;
        readonly voice: string | undefined;
        readonly language: string | undefined;
        readonly speed: number;
      }
    /** One for each utterance of a session. */
    | {
        readonly stage: 'realtime';
        readonly audio: PcmAudio;
        readonly language: string | undefined;
        readonly text: string;
      }
  );

export type ReplyScript =
  | string
  | ((request: {
      readonly messages: readonly LlmMessage[];
      readonly tools: readonly string[];
      readonly call: number;
    }) => ScriptedAnswer);

type PlannedFault = { readonly fault: EngineFault; remaining: number };

export class EngineScript {
  readonly requests: RecordedRequest[] = [];
  readonly delays: ScriptedDelays;
  readonly #faults = new Map<ScriptedStage, PlannedFault>();
  #transcriptOf: (audio: PcmAudio) => string = () => '';
  #reply: ReplyScript = 'Yes.';
  #replies = 0;

  constructor(delays: ScriptedDelays) {
    this.delays = delays;
  }

  setTranscripts(transcripts: TranscriptScript): void {
    this.#transcriptOf = readTranscripts(transcripts);
  }

  setReply(reply: ReplyScript): void {
    this.#reply = reply;
  }

  setFault(stage: ScriptedStage, fault: EngineFault | undefined, times = Number.POSITIVE_INFINITY): void {
    if (fault === undefined) this.#faults.delete(stage);
    else this.#faults.set(stage, { fault, remaining: times });
  }

  /** The fault for the next request of a stage; counts it. */
  takeFault(stage: ScriptedStage): EngineFault | undefined {
    const planned = this.#faults.get(stage);
    if (planned === undefined) return undefined;
    planned.remaining -= 1;
    if (planned.remaining <= 0) this.#faults.delete(stage);
    return planned.fault;
  }

  transcriptOf(audio: PcmAudio): string {
    return this.#transcriptOf(audio);
  }

  replyTo(messages: readonly LlmMessage[], tools: readonly string[] = []): Exclude<ScriptedAnswer, string> {
    const call = this.#replies;
    this.#replies += 1;
    return readAnswer(typeof this.#reply === 'string' ? this.#reply : this.#reply({ messages, tools, call }));
  }

  record<T extends RecordedRequest>(request: T): T {
    this.requests.push(request);
    return request;
  }
}

/** Unix time with the resolution of the monotonic clock, ms. */
export function unixMs(): number {
  return performance.timeOrigin + performance.now();
}
