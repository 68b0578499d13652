/** A voice that does not fall silent as long as one of its engines works. */
import type { EngineUsage } from '@sophy/contracts/engine-usage';
import { durationMs } from '@sophy/contracts/pcm-audio';
import { heardText, speechMs, usualMsPerCharacter } from '@sophy/conversation/heard-text';
import { SoundFrames } from '@sophy/conversation/sound-frames';
import type { TtsAudio, TtsPort, TtsRequest } from '@sophy/conversation/tts-port';
import { answerAcross } from './answer-across.ts';
import type { Chain } from './chain.ts';
import type { EngineLink } from './engine-link.ts';
import { isUnbilled } from './is-unbilled.ts';
import { SpeakingRates } from './speaking-rates.ts';

/**
 * Asks the engines of the chain in order. One that breaks off in the middle of a sentence is taken over by another at
 * the beginning of the word that was not whole. Audio of two engines is never mixed: the second begins where the first
 * ended.
 */
export function createResilientTts(chain: Chain<TtsPort>): TtsPort {
  const rates = new SpeakingRates();
  return {
    get label() {
      return chain.links[0].port.label;
    },
    synthesize: (request, { signal }) => speak(chain, rates, request, signal),
  };
}

function speak(
  chain: Chain<TtsPort>,
  rates: SpeakingRates,
  request: TtsRequest,
  signal: AbortSignal,
): AsyncIterable<TtsAudio> {
  const { speed } = request;
  let rest = request;
  let progress = new SpokenProgress(rest.text, undefined);
  return answerAcross(chain, {
    open: (link, stop) => metered(chain, link, requestFor(link, rest, chain.links[0]), stop),
    isMidway: () => rest.text !== request.text,
    give(audio, { link, isFirst }) {
      if (isFirst) progress = new SpokenProgress(rest.text, rates.of(link.breakerKey, speed));
      progress.add(audio);
      return audio;
    },
    afterBreak() {
      rest = { ...rest, text: progress.rest };
      // Only the echo of its last word is missing.
      return rest.text === '' ? 'complete' : 'go-on';
    },
    onEnd: (link) => rates.learn(link.breakerKey, speed, progress.soundMs / Math.max(1, rest.text.length)),
    signal,
  });
}

/** A voice is the engine's own: another engine speaks with its default. */
function requestFor(link: EngineLink<TtsPort>, request: TtsRequest, chosen: EngineLink<TtsPort>): TtsRequest {
  return link === chosen ? request : { ...request, voice: undefined };
}

/** A word said twice is understood, a word left out is not: an estimate counts rather too little as said. */
const knownCaution = 1.02;
const unknownCaution = 1.1;

/** How far the audio of a text has come. */
class SpokenProgress {
  readonly #text: string;
  readonly #msPerCharacter: number | undefined;
  #frames: SoundFrames | undefined;
  #audioMs = 0;
  #spokenCharacters: number | undefined;

  constructor(text: string, msPerCharacter: number | undefined) {
    this.#text = text;
    this.#msPerCharacter = msPerCharacter;
  }

  /** How much of the audio is speech, ms. */
  get soundMs(): number {
    const piece = { text: this.#text, audioMs: this.#audioMs, sound: this.#frames?.frames ?? [] };
    return speechMs(piece, this.#audioMs);
  }

  add(audio: TtsAudio): void {
    this.#frames ??= new SoundFrames(audio.sampleRateHz);
    this.#frames.append(audio.samples);
    this.#audioMs += durationMs(audio);
    this.#spokenCharacters = audio.spokenCharacters ?? this.#spokenCharacters;
  }

  /** The words whose sound is not whole yet. */
  get rest(): string {
    const spoken =
      this.#spokenCharacters === undefined
        ? heardText(
            [{ text: this.#text, audioMs: undefined, sound: this.#frames?.frames ?? [] }],
            this.#audioMs,
            this.#msPerCharacter === undefined
              ? usualMsPerCharacter * unknownCaution
              : this.#msPerCharacter * knownCaution,
          )
        : wholeWords(this.#text, this.#spokenCharacters);
    return this.#text.slice(this.#text.indexOf(spoken) + spoken.length).trim();
  }
}

/** The beginning of the text that ends with its last whole word within `characters`. */
function wholeWords(text: string, characters: number): string {
  const ends = [...text.matchAll(/\S+/g)].map(({ index, 0: word }) => index + word.length);
  return text.slice(0, ends.findLast((end) => end <= characters) ?? 0);
}

async function* metered(
  { events }: Chain<TtsPort>,
  { port, engine, model }: EngineLink<TtsPort>,
  request: TtsRequest,
  signal: AbortSignal,
): AsyncGenerator<TtsAudio, void, undefined> {
  let outcome: EngineUsage['outcome'] = 'cut';
  let isFree = false;
  let audioMs = 0;
  try {
    for await (const audio of port.synthesize(request, { signal })) {
      audioMs += durationMs(audio);
      yield audio;
    }
    outcome = 'complete';
  } catch (error) {
    if (!signal.aborted) outcome = 'failed';
    isFree = isUnbilled(error, audioMs > 0);
    throw error;
  } finally {
    events.onUsage({
      stage: 'tts',
      engine,
      model,
      characters: isFree ? 0 : request.text.length,
      audioMs,
      // Services bill the characters that they are sent.
      isEstimated: false,
      outcome,
    });
  }
}
