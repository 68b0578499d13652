/** Voices that play the caller: the product's own, or a program of the machine that writes WAV files. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import { normalize, trim } from '@sophy/testkit/pcm';
import type { SpeechMaker } from '@sophy/testkit/speech';
import { decodeWav } from '@sophy/testkit/wav';
import type { CallSentence } from './sentences.ts';

export type CallerVoice = {
  readonly name: string;
  /** The sentence spoken, without silence around it. Rejects when the voice cannot. */
  say(sentence: CallSentence): Promise<PcmAudio>;
};

/** The voices that the product has installed. */
export function ownVoice(speech: SpeechMaker): CallerVoice {
  return {
    name: 'own',
    say: ({ text, language }) => speech.synthesize(text, { language }),
  };
}

/**
 * Italian by a program, called with its arguments, a WAV file to write and the text, such as `pico2wave -l it-IT -w` or
 * `espeak-ng -v it -w`; English by the product's own voice.
 */
export function programVoice(command: string, speech: SpeechMaker): CallerVoice {
  const [program = '', ...given] = command.split(/\s+/).filter((part) => part !== '');
  return {
    name: program.slice(program.lastIndexOf('/') + 1),
    async say({ text, language }) {
      if (language !== 'it') return speech.synthesize(text, { language });
      const directory = await mkdtemp(join(tmpdir(), 'sophy-voice-'));
      try {
        const file = join(directory, 'speech.wav');
        await promisify(execFile)(program, [...given, file, text], { timeout: 30_000 });
        return normalize(trim(decodeWav(await readFile(file))));
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
  };
}
