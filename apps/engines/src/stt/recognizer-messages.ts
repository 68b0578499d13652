/** Messages between the engines process and a recognizer thread. */
import type { EngineErrorCode } from '../engine-error.ts';
import type { WordTime } from './word-times.ts';

export type RecognizerSettings = {
  readonly family: 'whisper' | 'transducer';
  readonly modelPath: string;
  readonly threads: number;
  /** What computes, as sherpa-onnx names it. */
  readonly provider: string;
};

export type RecognizerRequest =
  | {
      readonly type: 'transcribe';
      readonly id: number;
      /** A whole WAV file. */
      readonly wav: Uint8Array;
      /** A code of `whisperLanguages`; undefined: Whisper detects it. */
      readonly language: string | undefined;
    }
  | { readonly type: 'cancel'; readonly id: number };

export type Transcription = {
  readonly text: string;
  /** Code of the language that was given or detected; undefined when nothing was heard. */
  readonly language: string | undefined;
  readonly durationSeconds: number;
  /** The pieces that were heard at once, in order; silent ones are left out. */
  readonly segments: readonly Segment[];
};

export type Segment = {
  readonly text: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** None from Whisper, whose models carry no times. */
  readonly words: readonly WordTime[];
};

export type RecognizerReply =
  | { readonly type: 'ready' }
  | { readonly type: 'transcribed'; readonly id: number; readonly transcription: Transcription }
  | {
      readonly type: 'failed';
      readonly id: number;
      readonly code: EngineErrorCode;
      readonly message: string;
    };
