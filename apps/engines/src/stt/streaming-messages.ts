/** Messages between the engines process and the thread of a streaming recognizer. */

export type StreamingSettings = {
  readonly modelPath: string;
  readonly threads: number;
  /** What computes, as sherpa-onnx names it. */
  readonly provider: string;
};

export type StreamingRequest =
  | { readonly type: 'open'; readonly id: number }
  /** 16 kHz. */
  | { readonly type: 'audio'; readonly id: number; readonly samples: Float32Array }
  /** The utterance is over. */
  | { readonly type: 'finish'; readonly id: number }
  | { readonly type: 'abandon'; readonly id: number };

export type StreamingReply =
  | { readonly type: 'ready' }
  /** The words so far. */
  | { readonly type: 'words'; readonly id: number; readonly text: string }
  | { readonly type: 'finished'; readonly id: number; readonly text: string };
