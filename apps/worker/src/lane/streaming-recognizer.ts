/**
 * Recognition as the person speaks: audio flows to the engine all the time, words flow back.
 * The engine's final closes a pause; where none comes, the latest interim words stand in for it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AudioFrame, AudioResampler, AudioResamplerQuality } from '@livekit/rtc-node';
import type { UtteranceId } from '@sophy/contracts/ids';
import type { ProviderError } from '@sophy/conversation/provider-error';
import type { StreamingSttPort, SttStream, SttStreamEvent } from '@sophy/conversation/stt-port';
import { providerFailure } from '../engines/provider-failure.ts';
import type { Recognizer, RecognizerEvents } from './recognizer.ts';

/** How long after a pause an engine may keep its final to itself before the interim words are taken, ms. */
const finalDeadlineMs = 1_500;
/** Wait before a stream that ended is opened again, ms: doubled while it goes on failing. */
const reopenMs = { first: 250, most: 8_000 } as const;

export type StreamingRecognizerOptions = {
  readonly engine: StreamingSttPort;
  readonly inputSampleRateHz: number;
  readonly language: () => string | undefined;
  readonly events: RecognizerEvents;
  /** Room clock, ms. */
  readonly now: () => number;
};

export function createStreamingRecognizer(options: StreamingRecognizerOptions): Recognizer {
  const { engine, events, now } = options;
  const closing = new AbortController();
  const resampler =
    engine.sampleRateHz === options.inputSampleRateHz
      ? undefined
      : new AudioResampler(options.inputSampleRateHz, engine.sampleRateHz, 1, AudioResamplerQuality.QUICK);
  let stream: SttStream | undefined;
  let utteranceId: UtteranceId | undefined;
  let interimText = '';
  /** Finals of the running utterance: an engine may give several for one turn. */
  let finals: string[] = [];
  let pausedAtMs: number | undefined;
  let isFinalPending = false;
  /** Why the engine does not hear at the moment. */
  let outage: ProviderError | undefined;
  let deadline: ReturnType<typeof setTimeout> | undefined;

  const deliver = (language: string | undefined, endsSpeech: boolean): void => {
    clearTimeout(deadline);
    if (utteranceId === undefined) return;
    const text = [...finals, interimText].filter((part) => part !== '').join(' ');
    isFinalPending = false;
    events.onTranscript(utteranceId, {
      text,
      language,
      sttMs: pausedAtMs === undefined ? 0 : now() - pausedAtMs,
      endsSpeech,
    });
  };

  const expectFinal = (): void => {
    clearTimeout(deadline);
    deadline = setTimeout(() => deliver(undefined, false), finalDeadlineMs);
  };

  const fail = (error: ProviderError): void => {
    clearTimeout(deadline);
    if (utteranceId === undefined || !isFinalPending) return;
    isFinalPending = false;
    events.onFailure(utteranceId, error);
  };

  const hearWords = (event: SttStreamEvent): void => {
    outage = undefined;
    if (event.type === 'interim') {
      interimText = event.text;
      if (utteranceId === undefined) return;
      events.onInterim(utteranceId, [...finals, interimText].join(' '));
      // Words after a final: another final is owed for them, also when the person is silent by now.
      isFinalPending = true;
      if (pausedAtMs !== undefined) expectFinal();
    } else {
      if (event.text !== '') finals.push(event.text);
      interimText = '';
      deliver(event.language, true);
    }
  };

  const listen = async (): Promise<void> => {
    let waitMs: number = reopenMs.first;
    while (!closing.signal.aborted) {
      const opened = engine.open({ language: options.language(), signal: closing.signal });
      stream = opened;
      try {
        for await (const event of opened.events) {
          waitMs = reopenMs.first;
          hearWords(event);
        }
      } catch (error) {
        if (!closing.signal.aborted) {
          outage = providerFailure(error, 'stt', engine.label);
          fail(outage);
        }
      } finally {
        stream = undefined;
        await opened.close();
      }
      if (!closing.signal.aborted)
        await sleep(waitMs, undefined, { signal: closing.signal }).catch(() => undefined);
      waitMs = Math.min(waitMs * 2, reopenMs.most);
    }
  };
  const listening = listen();

  return {
    label: engine.label,
    hear(samples) {
      if (stream === undefined) return;
      if (resampler === undefined) stream.push(samples);
      else
        for (const frame of resampler.push(
          new AudioFrame(samples, options.inputSampleRateHz, 1, samples.length),
        ))
          stream.push(frame.data);
    },
    speechStarted(id) {
      clearTimeout(deadline);
      if (id !== utteranceId) {
        finals = [];
        interimText = '';
      }
      utteranceId = id;
      pausedAtMs = undefined;
      isFinalPending = true;
    },
    peek() {
      // Interim words come by themselves.
    },
    speechPaused() {
      pausedAtMs = now();
      if (!isFinalPending) deliver(undefined, false);
      else if (outage !== undefined) fail(outage);
      else expectFinal();
    },
    async close() {
      closing.abort();
      clearTimeout(deadline);
      await listening;
      resampler?.close();
    },
  };
}
