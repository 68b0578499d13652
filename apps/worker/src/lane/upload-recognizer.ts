/**
 * Recognition by upload: at each pause the whole utterance so far goes to the engine; when the person goes on,
 * that request is dropped and the longer audio goes at the next pause. So words are ready when the turn is over.
 */
import type { UtteranceId } from '@sophy/contracts/ids';
import { providerFailure } from '@sophy/conversation/provider-failure';
import type { UploadSttPort } from '@sophy/conversation/stt-port';
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
  /** The one early look at an utterance that is still spoken. */
  let peeking: AbortController | undefined;
  const tasks = new Set<Promise<void>>();

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

  /** Early words are a favour: an engine that fails to do it loses nothing. */
  const look = async (
    utteranceId: UtteranceId,
    audio: UtteranceAudio,
    { signal }: AbortController,
  ): Promise<void> => {
    try {
      const { text } = await engine.transcribe(audio.snapshot(), { language: options.language(), signal });
      if (!signal.aborted && text.trim() !== '') events.onInterim(utteranceId, text);
    } catch (error) {
      if (!signal.aborted) events.onPeekFailure(providerFailure(error, 'stt', engine.label));
    }
  };

  const track = (work: Promise<void>): void => {
    const task = work.finally(() => tasks.delete(task));
    tasks.add(task);
  };

  return {
    label: engine.label,
    hear() {
      // An upload engine hears whole utterances only.
    },
    speechStarted(utteranceId) {
      running.get(utteranceId)?.abort();
    },
    peek(utteranceId, audio) {
      if (peeking !== undefined) return;
      const controller = new AbortController();
      peeking = controller;
      track(
        look(utteranceId, audio, controller).finally(() => {
          if (peeking === controller) peeking = undefined;
        }),
      );
    },
    speechPaused(utteranceId, audio) {
      peeking?.abort();
      peeking = undefined;
      running.get(utteranceId)?.abort();
      const controller = new AbortController();
      running.set(utteranceId, controller);
      track(transcribe(utteranceId, audio, controller));
    },
    async close() {
      peeking?.abort();
      for (const controller of running.values()) controller.abort();
      await Promise.all(tasks);
    },
  };
}
