/**
 * Recognition as the person speaks: audio flows to the engine all the time, words flow back.
 * The engine's final closes a pause; where none comes, the latest interim words stand in for it. A stream that breaks is
 * opened again and hears the last seconds once more; while there is none, another engine takes whole utterances.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AudioFrame, AudioResampler, AudioResamplerQuality } from '@livekit/rtc-node';
import type { UtteranceId } from '@sophy/contracts/ids';
import type { ProviderError } from '@sophy/conversation/provider-error';
import { providerFailure } from '@sophy/conversation/provider-failure';
import type {
  StreamingSttPort,
  SttStream,
  SttStreamEvent,
  UploadSttPort,
} from '@sophy/conversation/stt-port';
import type { Recognizer, RecognizerEvents } from './recognizer.ts';
import type { UtteranceAudio } from './utterance-audio.ts';

/** How long after a pause an engine may keep its final to itself before the interim words are taken, ms. */
const finalDeadlineMs = 1_500;
/**
 * A pause of this length is asked about, ms: longer than the silence after which engines see an end by themselves, since
 * an utterance that is cut at each breath loses the words around it.
 */
const commitAfterMs = 350;
/**
 * Wait before a stream that ended is opened again, ms: doubled while it goes on failing. The most is what comes on top
 * before an engine that is well again hears; while it is known to fail, opening asks nobody.
 */
const reopenMs = { first: 250, most: 2_000 } as const;
/** What a stream that is opened again hears of what was said before, ms: longer than most utterances. */
const replayMs = 12_000;
/** And while nobody speaks: voice activity notices a word late, ms. */
const preRollMs = 600;

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
  /** Audio since the last final, at the rate of the engine, newest last. */
  let unheard: Int16Array[] = [];
  let unheardSamples = 0;
  /** The utterance at its pause, for the engine that stands in. */
  let paused: UtteranceAudio | undefined;
  let standingIn: AbortController | undefined;
  /** Another engine gave the words of this pause: what this one says of them later would be said twice. */
  let hasStoodIn = false;
  const tasks = new Set<Promise<void>>();
  let deadline: ReturnType<typeof setTimeout> | undefined;
  /** Asks for the final of a pause. */
  let asking: ReturnType<typeof setTimeout> | undefined;

  const deliver = (language: string | undefined, endsSpeech: boolean): void => {
    clearTimeout(deadline);
    clearTimeout(asking);
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
    deadline = setTimeout(() => {
      // Not a word of it: the engine hears nothing, or there was nothing to hear.
      if (interimText === '' && finals.length === 0 && standIn()) return;
      if (interimText === '' && finals.length === 0 && outage !== undefined) fail(outage);
      else deliver(undefined, false);
    }, finalDeadlineMs);
  };

  const fail = (error: ProviderError): void => {
    clearTimeout(deadline);
    clearTimeout(asking);
    if (utteranceId === undefined || !isFinalPending || pausedAtMs === undefined) return;
    if (standIn()) return;
    isFinalPending = false;
    events.onFailure(utteranceId, error);
  };

  /** Has the other engine transcribe the utterance. False where there is none. */
  const standIn = (): boolean => {
    const { backup } = engine;
    if (backup === undefined || paused === undefined || utteranceId === undefined) return false;
    // It is asked already; the stream failed once more meanwhile.
    if (standingIn !== undefined && !standingIn.signal.aborted) return true;
    const controller = new AbortController();
    standingIn = controller;
    const task = transcribeWith(backup, paused, utteranceId, controller).finally(() => {
      tasks.delete(task);
      if (standingIn === controller) standingIn = undefined;
    });
    tasks.add(task);
    return true;
  };

  const transcribeWith = async (
    backup: UploadSttPort,
    audio: UtteranceAudio,
    id: UtteranceId,
    { signal }: AbortController,
  ): Promise<void> => {
    try {
      const transcript = await backup.transcribe(audio.snapshot(), { language: options.language(), signal });
      if (signal.aborted || id !== utteranceId) return;
      finals = [transcript.text];
      interimText = '';
      hasStoodIn = true;
      forgetHeard();
      deliver(transcript.language, false);
    } catch (error) {
      if (signal.aborted || id !== utteranceId) return;
      isFinalPending = false;
      events.onFailure(id, providerFailure(error, 'stt', backup.label));
    }
  };

  const keep = (samples: Int16Array): void => {
    unheard.push(samples);
    unheardSamples += samples.length;
    const most = (engine.sampleRateHz * (isFinalPending ? replayMs : preRollMs)) / 1_000;
    for (
      let first = unheard[0];
      first !== undefined && unheardSamples - first.length > most;
      first = unheard[0]
    ) {
      unheard.shift();
      unheardSamples -= first.length;
    }
  };

  const forgetHeard = (): void => {
    unheard = [];
    unheardSamples = 0;
  };

  const hearWords = (event: SttStreamEvent): void => {
    outage = undefined;
    if (hasStoodIn) return;
    // What another engine is asked for is known to this one by now.
    standingIn?.abort();
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
      forgetHeard();
      deliver(event.language, true);
    }
  };

  const listen = async (): Promise<void> => {
    let waitMs: number = reopenMs.first;
    while (!closing.signal.aborted) {
      const opened = engine.open({ language: options.language(), signal: closing.signal });
      stream = opened;
      for (const samples of unheard) opened.push(samples);
      if (pausedAtMs !== undefined && isFinalPending) opened.commit();
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
      const frames =
        resampler === undefined
          ? [samples.slice()]
          : resampler
              .push(new AudioFrame(samples, options.inputSampleRateHz, 1, samples.length))
              .map(({ data }) => data);
      for (const frame of frames) {
        keep(frame);
        stream?.push(frame);
      }
    },
    speechStarted(id) {
      clearTimeout(deadline);
      clearTimeout(asking);
      clearTimeout(asking);
      standingIn?.abort();
      hasStoodIn = false;
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
    speechPaused(_id, audio) {
      pausedAtMs = now();
      paused = audio;
      clearTimeout(asking);
      if (isFinalPending) asking = setTimeout(() => stream?.commit(), commitAfterMs);
      if (!isFinalPending) deliver(undefined, false);
      else if (outage !== undefined && stream === undefined) fail(outage);
      else expectFinal();
    },
    async close() {
      closing.abort();
      standingIn?.abort();
      clearTimeout(deadline);
      clearTimeout(asking);
      clearTimeout(asking);
      await listening;
      await Promise.all(tasks);
      resampler?.close();
    },
  };
}
