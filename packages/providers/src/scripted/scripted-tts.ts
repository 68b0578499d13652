/** A voice in the same process: sound of exact length after an exact time, loud from its first sample. */
import type { ProviderError } from '@sophy/conversation/provider-error';
import type { TtsPort, TtsRequest } from '@sophy/conversation/tts-port';
import { type ScriptedSleep, systemSleep, waitOrCancel } from './scripted-sleep.ts';
import { speechShapedAudio } from './speech-shaped-audio.ts';

export type ScriptedTtsOptions = {
  readonly firstByteMs: number;
  /** Length of the sound for each character of the text, ms. */
  readonly msPerCharacter: number;
  readonly sampleRateHz?: number;
  /** Length of one piece, ms; all pieces after the first come at once. */
  readonly pieceMs?: number;
  /** A failure for the call of this number, from 0; undefined: it works. */
  readonly failure?: (call: number) => ProviderError | undefined;
  readonly sleep?: ScriptedSleep;
};

export type ScriptedTtsCall = {
  readonly request: TtsRequest;
  /** `cut`: the caller left before the end, or the call failed. */
  outcome: 'running' | 'complete' | 'cut';
};
export type ScriptedTts = TtsPort & { readonly calls: readonly ScriptedTtsCall[] };

export function createScriptedTts(options: ScriptedTtsOptions): ScriptedTts {
  const calls: ScriptedTtsCall[] = [];
  const sampleRateHz = options.sampleRateHz ?? 24_000;
  const pieceSamples = Math.round(((options.pieceMs ?? 100) * sampleRateHz) / 1_000);
  return {
    label: 'scripted',
    calls,
    async *synthesize(request, { signal }) {
      const call: ScriptedTtsCall = { request, outcome: 'running' };
      const index = calls.push(call) - 1;
      try {
        await waitOrCancel('tts', options.sleep ?? systemSleep, options.firstByteMs, signal);
        const failure = options.failure?.(index);
        if (failure !== undefined) throw failure;
        const { samples } = speechShapedAudio(request.text.length * options.msPerCharacter, sampleRateHz);
        for (let start = 0; start < samples.length; start += pieceSamples) {
          await waitOrCancel('tts', systemSleep, 0, signal);
          yield { samples: samples.slice(start, start + pieceSamples), sampleRateHz };
        }
        call.outcome = 'complete';
      } finally {
        if (call.outcome === 'running') call.outcome = 'cut';
      }
    },
  };
}
