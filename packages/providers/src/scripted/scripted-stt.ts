/** A recognizer in the same process that hears what a test says it hears, after an exact time. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import type { ProviderError } from '@sophy/conversation/provider-error';
import type { UploadSttPort } from '@sophy/conversation/stt-port';
import { type ScriptedSleep, systemSleep, waitOrCancel } from './scripted-sleep.ts';
import { readTranscripts, type TranscriptScript } from './transcript-script.ts';

export type ScriptedSttOptions = {
  readonly transcripts: TranscriptScript;
  readonly delayMs: number;
  /** Language that it claims to hear when none was asked for. */
  readonly language?: string;
  /** A failure for the call of this number, from 0; undefined: it works. */
  readonly failure?: (call: number) => ProviderError | undefined;
  readonly sleep?: ScriptedSleep;
};

export type ScriptedSttCall = { readonly audio: PcmAudio; readonly language: string | undefined };
export type ScriptedStt = UploadSttPort & { readonly calls: readonly ScriptedSttCall[] };

export function createScriptedStt(options: ScriptedSttOptions): ScriptedStt {
  const calls: ScriptedSttCall[] = [];
  const transcriptOf = readTranscripts(options.transcripts);
  return {
    kind: 'upload',
    label: 'scripted',
    maxAudioMs: 30_000,
    calls,
    async transcribe(audio, { language, signal }) {
      const call = calls.push({ audio, language }) - 1;
      await waitOrCancel('stt', options.sleep ?? systemSleep, options.delayMs, signal);
      const failure = options.failure?.(call);
      if (failure !== undefined) throw failure;
      return { text: transcriptOf(audio), language: language ?? options.language };
    },
  };
}
