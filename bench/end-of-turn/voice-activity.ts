/** Voice activity as a lane of the worker reports it, over a whole clip at once. */
import localInference from '@livekit/local-inference';

/** As in `apps/worker/src/lane/lane.ts`. */
const voicedFrom = 0.5;
const silentBelow = 0.35;
const windowMs = 32;
const pauseMs = 64;
const windowSamples = localInference.VAD_WINDOW_SAMPLES;

export type VoiceChange = {
  readonly type: 'speech-start' | 'speech-end';
  /** When the lane knows it. */
  readonly atMs: number;
  /** What the lane takes for the last voice before a pause; `atMs` less one window for a start. */
  readonly voiceMs: number;
};

export async function voiceChanges(samples: Int16Array): Promise<readonly VoiceChange[]> {
  const vad = localInference.createVad();
  const changes: VoiceChange[] = [];
  let isSpeaking = false;
  let silenceMs = 0;
  for (let offset = 0; offset + windowSamples <= samples.length; offset += windowSamples) {
    const probability = await vad.predict(samples.slice(offset, offset + windowSamples));
    const atMs = offset / 16 + windowMs;
    if (probability >= voicedFrom || (isSpeaking && probability > silentBelow)) {
      silenceMs = 0;
      if (!isSpeaking) changes.push({ type: 'speech-start', atMs, voiceMs: atMs - windowMs });
      isSpeaking = true;
      continue;
    }
    silenceMs += windowMs;
    if (!isSpeaking || silenceMs < pauseMs) continue;
    isSpeaking = false;
    changes.push({ type: 'speech-end', atMs, voiceMs: atMs - silenceMs });
  }
  return changes;
}
