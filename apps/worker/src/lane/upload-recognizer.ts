/**
 * Recognition by upload: at each pause the whole utterance so far goes to the engine; when the person goes on,
 * that request is dropped and the longer audio goes at the next pause. So words are ready when the turn is over.
 */
import type { UtteranceId } from '@sophy/contracts/ids';
import type { UploadSttPort } from '@sophy/conversation/stt-port';
import { providerFailure } from '../engines/provider-failure.ts';
import type { Recognizer, RecognizerEvents } from './recognizer.ts';
import type { UtteranceAudio } from './utterance-audio.ts';

export type UploadRecognizerOptions = {
  readonly engine: UploadSttPort;
  readonly language: () => string | undefined;
  readonly events: RecognizerEvents;
  /** Room clock, ms. */
  readonly now: () => number;
};

export function createUploadRecognizer(options: UploadRecognizerOptions): Recognizer {
  const { engine, events, now } = options;
  const running = new Map<UtteranceId, AbortController>();
  const work = new Set<Promise<void>>();

  const transcribe = async (
    utteranceId: UtteranceId,
    audio: UtteranceAudio,
    controller: AbortController,
  ): Promise<void> => {
    const { signal } = controller;
    const startedMs = now();
    try {
      const transcript = await engine.transcribe(audio.snapshot(), { language: options.language(), signal });
      if (!signal.aborted)
        events.onTranscript(utteranceId, {
          ...transcript,
          sttMs: now() - startedMs,
          endsSpeech: false,
        });
    } catch (error) {
      if (!signal.aborted) events.onFailure(utteranceId, providerFailure(error, 'stt', engine.label));
    } finally {
      if (running.get(utteranceId) === controller) running.delete(utteranceId);
    }
  };

  return {
    label: engine.label,
    hear() {
      // An upload engine hears whole utterances only.
    },
    speechStarted(utteranceId) {
      running.get(utteranceId)?.abort();
    },
    speechPaused(utteranceId, audio) {
      running.get(utteranceId)?.abort();
      const controller = new AbortController();
      running.set(utteranceId, controller);
      const task = transcribe(utteranceId, audio, controller).finally(() => work.delete(task));
      work.add(task);
    },
    async close() {
      for (const controller of running.values()) controller.abort();
      await Promise.all(work);
    },
  };
}
