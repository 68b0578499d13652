/** A voice that does not fall silent as long as one of its engines works. */
import type { EngineUsage } from '@sophy/contracts/engine-usage';
import { durationMs } from '@sophy/contracts/pcm-audio';
import { heardText } from '@sophy/conversation/heard-text';
import { SoundFrames } from '@sophy/conversation/sound-frames';
import type { TtsAudio, TtsPort, TtsRequest } from '@sophy/conversation/tts-port';
import { asProviderError, type Chain, linkName, linksAfter } from './chain.ts';
import type { EngineLink } from './engine-link.ts';
import { raceLinks } from './race-links.ts';

/**
 * Asks the engines of the chain in order. One that breaks off in the middle of a sentence is taken over by another at
 * the beginning of the word that was not whole. Audio of two engines is never mixed: the second begins where the first
 * ended.
 */
export function createResilientTts(chain: Chain<TtsPort>): TtsPort {
  return {
    get label() {
      return chain.links[0].port.label;
    },
    synthesize: (request, { signal }) => speak(chain, request, signal),
  };
}

async function* speak(
  chain: Chain<TtsPort>,
  request: TtsRequest,
  signal: AbortSignal,
): AsyncGenerator<TtsAudio, void, undefined> {
  const { links, gate, events } = chain;
  for (const link of links) gate.watch(link);
  const failed: EngineLink<TtsPort>[] = [];
  let rest = request;
  for (let asked: readonly EngineLink<TtsPort>[] = links; ; asked = linksAfter(chain, failed)) {
    const { link, items } = await raceLinks({
      links: asked,
      open: (it, stop) => metered(chain, it, requestFor(it, rest, links[0]), stop),
      gate,
      signal,
      onFailure: (_link, error) => events.onFailure(error),
    });
    const from = failed.at(-1) ?? links[0];
    if (link !== from) {
      const isMidway = rest.text !== request.text;
      events.onTakeover({ stage: 'tts', from: linkName(from), to: linkName(link), isMidway });
    }
    const progress = new SpokenProgress(rest.text);
    try {
      for await (const audio of items) {
        progress.add(audio);
        yield audio;
      }
      return;
    } catch (error) {
      failed.push(link);
      if (signal.aborted) throw error;
      rest = { ...rest, text: progress.rest };
      // Only the echo of its last word is missing.
      if (rest.text === '') return;
      if (linksAfter(chain, failed).length === 0) throw error;
      events.onFailure(asProviderError(error, link));
    }
  }
}

/** A voice is the engine's own: another engine speaks with its default. */
function requestFor(link: EngineLink<TtsPort>, request: TtsRequest, chosen: EngineLink<TtsPort>): TtsRequest {
  return link === chosen ? request : { ...request, voice: undefined };
}

/** How far the audio of a text has come. */
class SpokenProgress {
  readonly #text: string;
  #frames: SoundFrames | undefined;
  #audioMs = 0;
  #spokenCharacters: number | undefined;

  constructor(text: string) {
    this.#text = text;
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
  try {
    yield* port.synthesize(request, { signal });
    outcome = 'complete';
  } catch (error) {
    if (!signal.aborted) outcome = 'failed';
    throw error;
  } finally {
    events.onUsage({
      stage: 'tts',
      engine,
      model,
      characters: request.text.length,
      // Services bill the characters that they are sent.
      isEstimated: false,
      outcome,
    });
  }
}
