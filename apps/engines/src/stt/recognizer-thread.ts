/**
 * One recognizer in a thread of its own: computing the features of ten seconds of speech takes 130 ms of synchronous work,
 * which the process that streams audio cannot spare.
 */
import { setImmediate as nextTick } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import sherpa from 'sherpa-onnx-node';
import { z } from 'zod';
import { EngineError } from '../engine-error.ts';
import { cleanTranscript, cutRepetition } from './clean-transcript.ts';
import { cutAudio } from './cut-audio.ts';
import { recognizerConfiguration, recognizerSampleRateHz } from './recognizer-configuration.ts';
import type { RecognizerReply, RecognizerRequest, Segment, Transcription } from './recognizer-messages.ts';
import { readWav } from './wav.ts';
import { type WordTime, wordTimes } from './word-times.ts';

/** Frames of 10 ms after the speech. Fewer than 300 loop or truncate, 1,000 is safest and 100 ms slower. */
const quickTailFrames = 500;
const safeTailFrames = 1_000;
/** Silence appended because sherpa-onnx allows six tokens for each second of audio, which cuts fast speech. */
const appendedSeconds = 1.5;
/** Whisper invents words for silence: below this peak (-54 dBFS) nobody speaks. */
const silencePeak = 0.002;
/** Shorter than any word. */
const minSeconds = 0.08;
const maxSeconds = 600;

const settings = z
  .object({
    family: z.enum(['whisper', 'transducer']),
    modelPath: z.string(),
    threads: z.number(),
    provider: z.string(),
  })
  .parse(workerData);
const port = parentPort;
if (port === null) throw new Error('recognizer-thread.ts runs as a worker thread only');

const recognizer = new sherpa.OfflineRecognizer(recognizerConfiguration(settings, '', quickTailFrames));
const cancelled = new Set<number>();
let chain = Promise.resolve();

function reply(message: RecognizerReply): void {
  port?.postMessage(message);
}

type Heard = { readonly text: string; readonly language: string; readonly words: readonly WordTime[] };

function decode(samples: Float32Array, language: string, tailFrames: number): Heard {
  if (settings.family === 'whisper') {
    recognizer.setConfig(recognizerConfiguration(settings, language, tailFrames));
  }
  const stream = recognizer.createStream();
  const padded = new Float32Array(samples.length + appendedSeconds * recognizerSampleRateHz);
  padded.set(samples);
  stream.acceptWaveform({ samples: padded, sampleRate: recognizerSampleRateHz });
  recognizer.decode(stream);
  const { text, lang, tokens, timestamps, durations } = recognizer.getResult(stream);
  return { text: cleanTranscript(text), language: lang, words: wordTimes(tokens, timestamps, durations) };
}

/** Text of one piece; a loop is decoded once more with the safe padding, and cut if it stays. */
function transcribePiece(samples: Float32Array, language: string): Heard {
  const quick = decode(samples, language, quickTailFrames);
  if (!cutRepetition(quick.text).isLooping) return quick;
  const safe = decode(samples, language, safeTailFrames);
  return { ...safe, text: cutRepetition(safe.text).text };
}

async function transcribe(
  request: Extract<RecognizerRequest, { type: 'transcribe' }>,
): Promise<Transcription> {
  const audio = readWav(request.wav);
  const durationSeconds = audio.samples.length / audio.sampleRateHz;
  if (durationSeconds > maxSeconds) {
    throw new EngineError(
      'invalid_audio',
      `The audio is ${Math.round(durationSeconds)} s long; at most ${maxSeconds} s are taken at once.`,
    );
  }
  const samples =
    audio.sampleRateHz === recognizerSampleRateHz
      ? audio.samples
      : new sherpa.LinearResampler(audio.sampleRateHz, recognizerSampleRateHz).flush(audio.samples);
  if (durationSeconds < minSeconds || peakOf(samples) < silencePeak) {
    return { text: '', language: undefined, durationSeconds, segments: [] };
  }
  const segments: Segment[] = [];
  let language = request.language;
  let startSeconds = 0;
  for (const piece of cutAudio(samples, recognizerSampleRateHz)) {
    const part = transcribePiece(piece, language ?? '');
    const endSeconds = startSeconds + piece.length / recognizerSampleRateHz;
    if (part.text !== '') {
      segments.push({
        text: part.text,
        startSeconds,
        endSeconds,
        words: part.words.map((word) => shifted(word, startSeconds)),
      });
    }
    startSeconds = endSeconds;
    // What the first piece is spoken in holds for the rest.
    if (part.text !== '' && part.language !== '') language ??= part.language;
    // Lets a cancellation in.
    await nextTick();
    if (cancelled.has(request.id)) break;
  }
  return { text: segments.map(({ text }) => text).join(' '), language, durationSeconds, segments };
}

function shifted({ word, startSeconds, endSeconds }: WordTime, bySeconds: number): WordTime {
  return { word, startSeconds: startSeconds + bySeconds, endSeconds: endSeconds + bySeconds };
}

function peakOf(samples: Float32Array): number {
  let peak = 0;
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  return peak;
}

async function answer(request: Extract<RecognizerRequest, { type: 'transcribe' }>): Promise<void> {
  try {
    reply({ type: 'transcribed', id: request.id, transcription: await transcribe(request) });
  } catch (error) {
    const code = error instanceof EngineError ? error.code : 'engine_failed';
    reply({
      type: 'failed',
      id: request.id,
      code,
      message: error instanceof Error ? error.message : String(error),
    });
  } finally {
    cancelled.delete(request.id);
  }
}

port.on('message', (request: RecognizerRequest) => {
  if (request.type === 'cancel') cancelled.add(request.id);
  else chain = chain.then(() => answer(request));
});

// The first decode allocates and is slower than the rest.
decode(new Float32Array(recognizerSampleRateHz), 'en', quickTailFrames);
reply({ type: 'ready' });
