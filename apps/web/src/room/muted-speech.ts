/** Notices that somebody talks into a muted microphone. The sound stays in the browser. */
import { followAudioLevel } from '../ui/audio-level.ts';

/** Level (0 to 1) above which a sound counts as speech, and how long it must last. */
const speechLevel = 0.35;
const speechMs = 350;
/** How long the hint stays after the last speech. */
const holdMs = 4_000;

/** Watches a copy of the track, because the muted one is silent. Stop it with the returned function. */
export function watchMutedSpeech(
  track: MediaStreamTrack,
  onChange: (isSpeaking: boolean) => void,
): () => void {
  const copy = track.clone();
  copy.enabled = true;
  let loudSinceMs: number | null = null;
  let heardAtMs = Number.NEGATIVE_INFINITY;
  let isShown = false;
  const stopFollowing = followAudioLevel(new MediaStream([copy]), (level) => {
    const nowMs = performance.now();
    if (level < speechLevel) loudSinceMs = null;
    else loudSinceMs ??= nowMs;
    if (loudSinceMs !== null && nowMs - loudSinceMs >= speechMs) heardAtMs = nowMs;
    const isSpeaking = nowMs - heardAtMs < holdMs;
    if (isSpeaking === isShown) return;
    isShown = isSpeaking;
    onChange(isSpeaking);
  });
  return () => {
    stopFollowing();
    copy.stop();
    if (isShown) onChange(false);
  };
}
