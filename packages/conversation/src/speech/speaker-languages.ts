/** The languages of the people in a room. */
import type { SpeakerId } from '@sophy/contracts/ids';
import type { TurnEvent } from '../turn-event.ts';
import { followSpeakerLanguage, type SpeakerLanguage, unknownSpeakerLanguage } from './speaker-language.ts';
import type { SpokenLanguage } from './spoken-language.ts';

type Person = {
  /** Before the utterance that is being heard: its words come several times, each time more of them. */
  readonly before: SpeakerLanguage;
  readonly utteranceId: string | undefined;
  readonly now: SpeakerLanguage;
};

export class SpeakerLanguages {
  readonly #people = new Map<SpeakerId, Person>();
  readonly #ignored: () => ReadonlySet<string>;

  /** `ignored`: lower-case words that tell no language, such as names of who is there. */
  constructor(ignored: () => ReadonlySet<string>) {
    this.#ignored = ignored;
  }

  /** The event with the language of its words, as its person speaks; other events as they are. */
  withLanguage(event: TurnEvent): TurnEvent {
    if (event.type === 'transcript-delta' || event.type === 'transcript-end') {
      const engineLanguage = event.type === 'transcript-end' ? event.language : undefined;
      const language = this.#follow(event.speaker, event.utteranceId, event.text, engineLanguage);
      return { ...event, language: language ?? engineLanguage };
    }
    if (event.type === 'typed-message')
      return { ...event, language: this.#follow(event.speaker, event.messageId, event.text, undefined) };
    return event;
  }

  /** Undefined: the person has said nothing that tells. */
  languageOf(speaker: SpeakerId): SpokenLanguage | undefined {
    return this.#people.get(speaker)?.now.language;
  }

  forget(speaker: SpeakerId): void {
    this.#people.delete(speaker);
  }

  #follow(
    speaker: SpeakerId,
    utteranceId: string,
    text: string,
    engineLanguage: string | undefined,
  ): SpokenLanguage | undefined {
    const known = this.#people.get(speaker);
    const before =
      known === undefined
        ? unknownSpeakerLanguage
        : known.utteranceId === utteranceId
          ? known.before
          : known.now;
    const now = followSpeakerLanguage(before, { text, engineLanguage, ignored: this.#ignored() });
    this.#people.set(speaker, { before, utteranceId, now });
    return now.language;
  }
}
