/** Which text a scripted recognizer hears in which audio. */
import { durationMs, type PcmAudio } from '@sophy/contracts/pcm-audio';

export type TranscriptScript =
  /** One text for each utterance, in order; after the last one nothing is heard. */
  | readonly string[]
  /** The text of the first entry that is at least as long as the utterance. */
  | { readonly byDuration: readonly { readonly upToMs: number; readonly text: string }[] }
  | ((audio: PcmAudio) => string);

/** A reader of the script; one for each recognizer, because it counts utterances. */
export function readTranscripts(script: TranscriptScript): (audio: PcmAudio) => string {
  if (typeof script === 'function') return script;
  if ('byDuration' in script)
    return (audio) => script.byDuration.find(({ upToMs }) => durationMs(audio) <= upToMs)?.text ?? '';
  let next = 0;
  return () => {
    const text = script[next] ?? '';
    next += 1;
    return text;
  };
}
