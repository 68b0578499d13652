/** Messages between the engines process and the espeak-ng thread. */

export type EspeakRequest = {
  readonly id: number;
  readonly text: string;
  readonly language: string;
  readonly wordsPerMinute: number;
  /** One 32-bit number; anything but 0 stops the synthesis. */
  readonly stop: SharedArrayBuffer;
};

export type EspeakReply =
  | { readonly type: 'ready'; readonly sampleRateHz: number }
  | { readonly type: 'audio'; readonly id: number; readonly samples: Int16Array<ArrayBuffer> }
  | { readonly type: 'done'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly message: string };
