/** Messages between the engines process and a recognizer thread. */
import type { EngineErrorCode } from '../engine-error.ts';

export type RecognizerSettings = { readonly modelPath: string; readonly threads: number };

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
