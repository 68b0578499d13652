/** Reads a speech answer, raw PCM or WAV, as samples while it arrives. */
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import { type EngineIdentity, engineFailure } from '../http/engine-failure.ts';
import type { EngineAnswer } from '../http/exchange-with-engine.ts';
import { rawSampleRateHz } from './raw-sample-rate.ts';
import { AudioFormatError, SpeechDecoder } from './speech-decoder.ts';

/**
 * @param defaultHz rate of raw samples where the content type tells none.
 * @throws ProviderError `bad-response` when the answer is no mono 16 bit audio or has none at all.
 */
export async function* readSpeech(
  identity: EngineIdentity,
  answer: EngineAnswer,
  defaultHz: number,
): AsyncGenerator<PcmAudio, void, undefined> {
  try {
    const decoder = new SpeechDecoder(rawSampleRateHz(answer.headers['content-type'] ?? '', defaultHz));
    let hasAudio = false;
    for await (const chunk of answer.chunks) {
      const audio = decoder.push(chunk);
      if (audio === undefined) continue;
      hasAudio = true;
      answer.progress();
      yield audio;
    }
    const rest = decoder.end();
    if (rest !== undefined) yield rest;
    else if (!hasAudio) throw new AudioFormatError('no audio at all');
  } catch (error) {
    if (!(error instanceof AudioFormatError)) throw error;
    throw engineFailure(
      identity,
      'bad-response',
      `the answer is ${error.message}; mono 16 bit PCM or WAV is needed`,
    );
  }
}
