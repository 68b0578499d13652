/** What goes wrong with a request to an engine that a test or a matrix run plays. */

/** `afterPieces`: tokens, chunks of audio, or messages that are given before. */
export type EngineFault =
  /** The connection is dropped before any answer. (For a port that refuses, close the server.) */
  | { readonly type: 'refused' }
  | { readonly type: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  | { readonly type: 'hang' }
  | { readonly type: 'stall'; readonly afterPieces: number }
  | { readonly type: 'garbage' }
  | { readonly type: 'disconnect'; readonly afterPieces: number };
