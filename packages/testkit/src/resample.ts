/** Sample rate conversion of whole clips. */
import { AudioFrame, AudioResampler, AudioResamplerQuality, combineAudioFrames } from '@livekit/rtc-node';
import type { PcmAudio } from '@sophy/contracts/pcm-audio';

/** The clip at another sample rate; the same object when it is there already. */
export function resample(audio: PcmAudio, sampleRateHz: number): PcmAudio {
  if (audio.sampleRateHz === sampleRateHz || audio.samples.length === 0) {
    return { samples: audio.samples, sampleRateHz };
  }
  const resampler = new AudioResampler(audio.sampleRateHz, sampleRateHz, 1, AudioResamplerQuality.HIGH);
  try {
    // The native side reads from the beginning of the buffer, so a view into a larger one must be copied.
    const frame = new AudioFrame(audio.samples.slice(), audio.sampleRateHz, 1, audio.samples.length);
    const frames = [...resampler.push(frame), ...resampler.flush()];
    return { samples: combineAudioFrames(frames).data, sampleRateHz };
  } finally {
    resampler.close();
  }
}
