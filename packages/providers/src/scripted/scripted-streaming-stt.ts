/** A streaming recognizer in the same process: finds utterances by loudness, words come from a script. */
import type { StreamingSttPort, SttStream, SttStreamEvent } from '@sophy/conversation/stt-port';
import { AsyncQueue } from '../async-queue.ts';
import { LoudnessTurns } from './loudness-turns.ts';
import { type ScriptedSleep, systemSleep } from './scripted-sleep.ts';
import { readTranscripts, type TranscriptScript } from './transcript-script.ts';

export type ScriptedStreamingSttOptions = {
  readonly transcripts: TranscriptScript;
  readonly sampleRateHz?: number;
  /** Silence that ends an utterance, ms of audio. */
  readonly hangoverMs: number;
  /** From the last voiced sample to the final text, ms; at least `hangoverMs`. */
  readonly delayMs: number;
  readonly thresholdRms?: number;
  readonly sleep?: ScriptedSleep;
};

export type ScriptedStreamingSttCall = { readonly language: string | undefined; pushedSamples: number };
export type ScriptedStreamingStt = StreamingSttPort & { readonly calls: readonly ScriptedStreamingSttCall[] };

/** Gives the text as an interim one when the utterance ends in the audio and as the final one `delayMs` after it. */
export function createScriptedStreamingStt(options: ScriptedStreamingSttOptions): ScriptedStreamingStt {
  const calls: ScriptedStreamingSttCall[] = [];
  const sampleRateHz = options.sampleRateHz ?? 16_000;
  const transcriptOf = readTranscripts(options.transcripts);
  const sleep = options.sleep ?? systemSleep;
  return {
    kind: 'streaming',
    label: 'scripted',
    sampleRateHz,
    calls,
    open({ language, signal }): SttStream {
      const call: ScriptedStreamingSttCall = { language, pushedSamples: 0 };
      calls.push(call);
      const queue = new AsyncQueue<SttStreamEvent>();
      const turns = new LoudnessTurns({ ...options, sampleRateHz });
      const closing = new AbortController();
      const over = AbortSignal.any([signal, closing.signal]);
      over.addEventListener('abort', () => queue.end());
      if (over.aborted) queue.end();
      let finals: Promise<void> = Promise.resolve();

      const speakLater = async (text: string, waitMs: number) => {
        if (over.aborted) return;
        try {
          if (waitMs > 0) await sleep(waitMs, over);
        } catch (error) {
          // Closed while waiting: nobody hears the final any more.
          if (over.aborted) return;
          throw error;
        }
        queue.push({ type: 'final', text, language });
      };

      return {
        events: queue,
        push(samples) {
          call.pushedSamples += samples.length;
          for (const event of turns.push(samples)) {
            if (event.type !== 'speech-ended') continue;
            const text = transcriptOf(event.audio);
            if (text !== '') queue.push({ type: 'interim', text });
            const waitMs = options.delayMs - event.sinceLastVoicedMs;
            finals = Promise.all([finals, speakLater(text, waitMs)]).then(
              () => undefined,
              (error: unknown) => queue.end(error instanceof Error ? error : new Error(String(error))),
            );
          }
        },
        commit() {
          // Finals come at the times of the script.
        },
        async close() {
          closing.abort();
          await finals;
        },
      };
    },
  };
}
