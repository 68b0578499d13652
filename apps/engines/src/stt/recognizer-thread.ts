/**
 * One Whisper in a thread of its own: computing the features of ten seconds of speech takes 130 ms of synchronous work,
 * which the process that streams audio cannot spare.
 */
import { setImmediate as nextTick } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import sherpa from 'sherpa-onnx-node';
import { z } from 'zod';
import { EngineError } from '../engine-error.ts';
import { cleanTranscript, cutRepetition } from './clean-transcript.ts';
import { cutAudio } from './cut-audio.ts';
import type { RecognizerReply, RecognizerRequest, Transcription } from './recognizer-messages.ts';
import { readWav } from './wav.ts';
import { whisperConfiguration, whisperSampleRateHz } from './whisper-configuration.ts';

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

const settings = z.object({ modelPath: z.string(), threads: z.number() }).parse(workerData);
const port = parentPort;
if (port === null) throw new Error('recognizer-thread.ts runs as a worker thread only');

const recognizer = new sherpa.OfflineRecognizer(whisperConfiguration(settings, '', quickTailFrames));
const cancelled = new Set<number>();
let chain = Promise.resolve();

function reply(message: RecognizerReply): void {
  port?.postMessage(message);
}

function decode(samples: Float32Array, language: string, tailFrames: number): { text: string; lang: string } {
  recognizer.setConfig(whisperConfiguration(settings, language, tailFrames));
  const stream = recognizer.createStream();
  const padded = new Float32Array(samples.length + appendedSeconds * whisperSampleRateHz);
  padded.set(samples);
  stream.acceptWaveform({ samples: padded, sampleRate: whisperSampleRateHz });
  recognizer.decode(stream);
  return recognizer.getResult(stream);
}

/** Text of one piece; a loop is decoded once more with the safe padding, and cut if it stays. */
function transcribePiece(samples: Float32Array, language: string): { text: string; language: string } {
  const quick = decode(samples, language, quickTailFrames);
  const quickText = cleanTranscript(quick.text);
  if (!cutRepetition(quickText).isLooping) return { text: quickText, language: quick.lang };
  const safe = decode(samples, language, safeTailFrames);
  return { text: cutRepetition(cleanTranscript(safe.text)).text, language: safe.lang };
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
    audio.sampleRateHz === whisperSampleRateHz
      ? audio.samples
      : new sherpa.LinearResampler(audio.sampleRateHz, whisperSampleRateHz).flush(audio.samples);
  if (durationSeconds < minSeconds || peakOf(samples) < silencePeak) {
    return { text: '', language: undefined, durationSeconds };
  }
  const texts: string[] = [];
  let language = request.language;
  for (const piece of cutAudio(samples, whisperSampleRateHz)) {
    const part = transcribePiece(piece, language ?? '');
    if (part.text !== '') texts.push(part.text);
    // What the first piece is spoken in holds for the rest.
    if (part.text !== '' && part.language !== '') language ??= part.language;
    // Lets a cancellation in.
    await nextTick();
    if (cancelled.has(request.id)) break;
  }
  return { text: texts.join(' '), language, durationSeconds };
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
decode(new Float32Array(whisperSampleRateHz), 'en', quickTailFrames);
reply({ type: 'ready' });
