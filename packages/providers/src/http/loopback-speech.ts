/** Test support: what a played voice has been asked, and its sound in pieces. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import type { EngineFault } from './engine-fault.ts';
import type { LoopbackOutcome, LoopbackPace } from './loopback-answer.ts';

export type SpeechLoopbackRequest = {
  readonly text: string;
  readonly voice: string | undefined;
  readonly language: string | undefined;
  readonly speed: number;
  readonly authorization: string | undefined;
  outcome: LoopbackOutcome;
};

export type SpeechLoopbackOptions = {
  /** Sound of a text; its rate must be the one of the service. */
  readonly speak: (text: string) => PcmAudio;
  readonly pace?: LoopbackPace;
};

export type SpeechLoopback = {
  /** Address as the settings or the environment name it. */
  readonly url: string;
  /** What was asked to be spoken so far. */
  readonly requests: readonly SpeechLoopbackRequest[];
  /** How many connections were opened so far, and how many still are. */
  connections(): { readonly opened: number; readonly open: number };
  /** What goes wrong with the requests from now on; undefined mends it. */
  setFault(fault: EngineFault | undefined): void;
  close(): Promise<void>;
};

const pieceMs = 100;

/** Samples in pieces of 100 ms, at least one. */
export function piecesOf({ samples, sampleRateHz }: PcmAudio): readonly Int16Array[] {
  const length = Math.round((sampleRateHz * pieceMs) / 1_000);
  const count = Math.max(1, Math.ceil(samples.length / length));
  return Array.from({ length: count }, (_, index) => samples.subarray(index * length, (index + 1) * length));
}
