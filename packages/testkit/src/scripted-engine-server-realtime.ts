/** The Realtime transcription side of the scripted engine server: one session of one WebSocket. */

import { setTimeout as delay } from 'node:timers/promises';
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import { samplesOfBytes } from '@sophy/providers/audio/pcm-bytes';
import type { EngineFault } from '@sophy/providers/http/engine-fault';
import { type LoudnessEvent, LoudnessTurns } from '@sophy/providers/scripted/loudness-turns';
import { wordsOf } from '@sophy/providers/scripted/scripted-llm';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { type EngineScript, type RecordedRequest, unixMs } from './scripted-engine-server-script.ts';

export type RealtimeSessionOptions = {
  readonly script: EngineScript;
  readonly authorization: string | undefined;
  /** Silence in the received audio that ends an utterance, ms. */
  readonly hangoverMs: number;
  readonly thresholdRms: number;
  /** No pause ends an utterance that is shorter, ms. */
  readonly minimumMs: () => number;
  /** Words are given so long after the audio that finishes them, ms; undefined: all with the final. */
  readonly interimLagMs: number | undefined;
};

const sampleRateHz = 24_000;
/** Silence after which the words so far are all there, whatever the lag, ms. */
const settledMs = 600;
/** Sound before the loudness that starts an utterance still belongs to it, ms. */
const softStartMs = 300;
const softStartSamples = (sampleRateHz * softStartMs) / 1_000;
const clientEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('session.update'),
    session: z.object({
      audio: z.object({
        input: z.object({
          transcription: z.object({ model: z.string(), language: z.string().optional() }),
        }),
      }),
    }),
  }),
  z.object({ type: z.literal('input_audio_buffer.append'), audio: z.base64() }),
  z.object({ type: z.literal('input_audio_buffer.commit') }),
]);

type EndedUtterance = {
  /** From its first to its last loud sample. */
  readonly audio: PcmAudio;
  /** What its words are read from. */
  readonly textAudio: PcmAudio;
  readonly interimText: string;
  readonly lastVoicedAtMs: number;
};

export class RealtimeSession {
  readonly #socket: WebSocket;
  readonly #options: RealtimeSessionOptions;
  readonly #turns: LoudnessTurns;
  readonly #over = new AbortController();
  #model: string | undefined;
  #language: string | undefined;
  #lastVoicedAtMs = 0;
  #items = 0;
  /** The present utterance with its soft start and the silence after it, or before it the latest silence. */
  #heard = new Int16Array(0);
  #isInUtterance = false;
  /** Words of the present utterance that were given already. */
  #interimText = '';
  #finals: Promise<void> = Promise.resolve();

  constructor(socket: WebSocket, options: RealtimeSessionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#turns = new LoudnessTurns({ ...options, sampleRateHz });
    socket.on('message', (data) => this.#received(data.toString()));
    socket.on('close', () => this.#over.abort());
    this.#send({ type: 'session.created', session: { type: 'transcription' } });
  }

  #send(event: object): void {
    this.#socket.send(JSON.stringify({ event_id: `event_${crypto.randomUUID()}`, ...event }));
  }

  #received(text: string): void {
    const event = clientEventSchema.safeParse(JSON.parse(text));
    if (!event.success) {
      this.#send({ type: 'error', error: { type: 'invalid_request_error', code: 'invalid_value' } });
      return;
    }
    if (event.data.type === 'session.update') {
      const { transcription } = event.data.session.audio.input;
      this.#model = transcription.model;
      this.#language = transcription.language;
      this.#send({ type: 'session.updated', session: event.data.session });
      return;
    }
    if (event.data.type === 'input_audio_buffer.commit') {
      const ended = this.#turns.endNow();
      if (ended === undefined)
        this.#send({
          type: 'error',
          error: { type: 'invalid_request_error', code: 'input_audio_buffer_commit_empty' },
        });
      else this.#turn(ended);
      return;
    }
    this.#hear(samplesOfBytes(Buffer.from(event.data.audio, 'base64')));
  }

  #hear(samples: Int16Array): void {
    const voicedBefore = this.#turns.voicedFrames;
    const events = this.#turns.push(samples);
    if (this.#turns.voicedFrames > voicedBefore) this.#lastVoicedAtMs = unixMs();
    const isSettled = unixMs() - this.#lastVoicedAtMs > settledMs;
    // Long silence finishes no word, and an utterance that no pause ends must not grow without end.
    if (!this.#isInUtterance || !isSettled) this.#keep(samples);
    if (events.some(({ type }) => type === 'speech-started')) this.#isInUtterance = true;
    if (this.#isInUtterance && !isSettled) this.#giveInterim();
    for (const event of events) this.#turn(event);
  }

  #keep(samples: Int16Array): void {
    const softStart = this.#isInUtterance ? this.#heard : this.#heard.slice(-softStartSamples);
    this.#heard = new Int16Array(softStart.length + samples.length);
    this.#heard.set(softStart);
    this.#heard.set(samples, softStart.length);
  }

  /** Gives the words that the audio up to the lag finishes. What was given cannot be taken back. */
  #giveInterim(): void {
    const { interimLagMs, script } = this.#options;
    if (interimLagMs === undefined) return;
    const end = this.#heard.length - Math.round((sampleRateHz * interimLagMs) / 1_000);
    const text = script.transcriptOf({ samples: this.#heard.slice(0, Math.max(0, end)), sampleRateHz });
    if (text.length <= this.#interimText.length || !text.startsWith(this.#interimText)) return;
    this.#sendDelta(`item_${this.#items}`, text.slice(this.#interimText.length));
    this.#interimText = text;
  }

  #sendDelta(itemId: string, delta: string): void {
    this.#send({ type: 'conversation.item.input_audio_transcription.delta', item_id: itemId, delta });
  }

  #turn(event: LoudnessEvent): void {
    if (event.type === 'speech-started') {
      this.#send({ type: 'input_audio_buffer.speech_started', item_id: `item_${this.#items}` });
      return;
    }
    const itemId = `item_${this.#items}`;
    this.#items += 1;
    this.#send({ type: 'input_audio_buffer.speech_stopped', item_id: itemId });
    this.#send({ type: 'input_audio_buffer.committed', item_id: itemId });
    const whole = { samples: this.#heard, sampleRateHz };
    const transcribed = this.#transcribe(itemId, {
      audio: event.audio,
      // Words follow the audio to the end of its silence; a list of texts goes by utterances.
      textAudio: this.#options.interimLagMs === undefined ? event.audio : whole,
      interimText: this.#interimText,
      lastVoicedAtMs: this.#lastVoicedAtMs,
    });
    this.#heard = new Int16Array(0);
    this.#isInUtterance = false;
    this.#interimText = '';
    this.#finals = Promise.all([this.#finals, transcribed]).then(
      () => undefined,
      // A broken script is the test's fault; the client sees it as a dropped connection.
      () => this.#socket.terminate(),
    );
  }

  async #transcribe(itemId: string, utterance: EndedUtterance): Promise<void> {
    const { audio, textAudio, interimText, lastVoicedAtMs } = utterance;
    const { script, authorization } = this.#options;
    const fault = script.takeFault('realtime');
    // A failed utterance uses up no text unless part of it is given.
    const text = fault === undefined || 'afterPieces' in fault ? script.transcriptOf(textAudio) : '';
    const record = script.record<RecordedRequest>({
      stage: 'realtime',
      atMs: lastVoicedAtMs,
      authorization,
      model: this.#model,
      language: this.#language,
      fault: fault?.type,
      audio,
      text,
      waitedMs: undefined,
      outcome: 'running',
    });
    const waitMs = lastVoicedAtMs + script.delays.realtimeMs - unixMs();
    try {
      if (waitMs > 0) await delay(waitMs, undefined, { signal: this.#over.signal });
    } catch (error) {
      if (!this.#over.signal.aborted) throw error;
    }
    const isComplete = !this.#over.signal.aborted && this.#give(itemId, { text, interimText }, fault);
    record.waitedMs = unixMs() - lastVoicedAtMs;
    record.outcome = isComplete ? 'complete' : 'cut';
  }

  /** Sends the words that were not given yet and the final; false when a fault ended it before. */
  #give(
    itemId: string,
    { text, interimText }: { readonly text: string; readonly interimText: string },
    fault: EngineFault | undefined,
  ): boolean {
    if (fault !== undefined && !('afterPieces' in fault)) {
      this.#breakDown(fault);
      return false;
    }
    const rest = text.startsWith(interimText) ? text.slice(interimText.length) : '';
    for (const [index, delta] of wordsOf(rest).entries()) {
      if (fault !== undefined && index >= fault.afterPieces) break;
      this.#sendDelta(itemId, delta);
    }
    if (fault !== undefined) {
      this.#breakDown(fault);
      return false;
    }
    this.#send({
      type: 'conversation.item.input_audio_transcription.completed',
      item_id: itemId,
      transcript: text,
    });
    return true;
  }

  #breakDown(fault: EngineFault): void {
    switch (fault.type) {
      case 'hang':
      case 'stall':
        return;
      case 'garbage':
        this.#socket.send('not a Realtime event');
        return;
      case 'status':
        this.#send({ type: 'error', error: { type: errorType(fault.status), code: null } });
        return;
      case 'refused':
      case 'disconnect':
        this.#socket.terminate();
    }
  }
}

function errorType(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 429) return 'rate_limit_error';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}
