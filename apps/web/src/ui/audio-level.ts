/** Follows how loud a stream is, frame by frame, outside of React's rendering. */

/** Full scale of a meter: speech close to a microphone stays about 18 dB under clipping. */
const fullScaleRms = 0.18;

/**
 * Calls `onLevel` with 0 to 1 on each animation frame until the returned function is called.
 * The stream itself is not stopped.
 */
export function followAudioLevel(stream: MediaStream, onLevel: (level: number) => void): () => void {
  const context = new AudioContext();
  const source = context.createMediaStreamSource(stream);
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let shown = 0;
  let frame = 0;
  const step = () => {
    analyser.getFloatTimeDomainData(samples);
    let sum = 0;
    for (const sample of samples) sum += sample * sample;
    const level = Math.min(1, Math.sqrt(sum / samples.length) / fullScaleRms);
    // Rises at once and falls slowly, as people expect of a meter.
    shown = level > shown ? level : shown * 0.9 + level * 0.1;
    onLevel(shown);
    frame = requestAnimationFrame(step);
  };
  frame = requestAnimationFrame(step);
  return () => {
    cancelAnimationFrame(frame);
    source.disconnect();
    context.close().catch((error: unknown) => console.warn('Audio context did not close', error));
  };
}
