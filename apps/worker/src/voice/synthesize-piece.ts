/** The audio of one piece of text, at the sample rate of the agent's track. */
import { AudioFrame, AudioResampler, AudioResamplerQuality } from '@livekit/rtc-node';
import type { TtsPort, TtsRequest } from '@sophy/conversation/tts-port';
import { HeadSilence } from './head-silence.ts';

export type SynthesizePieceOptions = {
  readonly tts: TtsPort;
  readonly request: TtsRequest;
  readonly sampleRateHz: number;
  /** Drop the silence that voices put before the first sound; it would be heard as waiting. */
  readonly trimsHead: boolean;
  readonly signal: AbortSignal;
};

/** Yields mono samples as synthesis makes them. Throws `ProviderError`. */
export async function* synthesizePiece(options: SynthesizePieceOptions): AsyncGenerator<Int16Array> {
  const head = options.trimsHead ? new HeadSilence(options.sampleRateHz) : undefined;
  let resampler: { readonly native: AudioResampler; readonly inputRateHz: number } | undefined;
  try {
    for await (const audio of options.tts.synthesize(options.request, { signal: options.signal })) {
      if (audio.samples.length === 0) continue;
      if (audio.sampleRateHz === options.sampleRateHz) {
        yield* head?.trim(audio.samples) ?? [audio.samples];
        continue;
      }
      if (resampler?.inputRateHz !== audio.sampleRateHz) {
        // Another engine has taken over: what the first left in the resampler comes before.
        for (const frame of resampler?.native.flush() ?? []) yield* head?.trim(frame.data) ?? [frame.data];
        resampler?.native.close();
        resampler = openResampler(audio.sampleRateHz, options.sampleRateHz);
      }
      for (const frame of resampler.native.push(
        new AudioFrame(audio.samples, audio.sampleRateHz, 1, audio.samples.length),
      )) {
        yield* head?.trim(frame.data) ?? [frame.data];
      }
    }
    for (const frame of resampler?.native.flush() ?? []) yield* head?.trim(frame.data) ?? [frame.data];
  } finally {
    resampler?.native.close();
  }
}

function openResampler(inputRateHz: number, outputRateHz: number) {
  const native = new AudioResampler(inputRateHz, outputRateHz, 1, AudioResamplerQuality.MEDIUM);
  return { native, inputRateHz };
}
