/** Makes utterances of the pieces in which Deepgram gives them. */
import type { SttStreamEvent } from '@sophy/conversation/stt-port';
import type { DeepgramResults } from './deepgram-message.ts';

/** Audio that a `Finalize` may leave without an answer, s: the service answers where it holds a noticeable amount. */
const unansweredSeconds = 0.3;

/**
 * Deepgram settles long utterances piece by piece (`is_final`) and says apart from that when somebody has paused
 * (`speech_final`, `from_finalize`): only then the utterance is over.
 */
export class DeepgramTranscripts {
  readonly #language: string | undefined;
  #settled: string[] = [];
  #interim = '';
  #wordsByLanguage = new Map<string, number>();
  /** How far the service has heard, s. */
  #heardSeconds = 0;
  /** Length of the audio that was pushed before the commit that still waits for its final, s. */
  #committedSeconds: number | undefined;

  constructor(language: string | undefined) {
    this.#language = language;
  }

  /** Whether the final of a commit is still due. */
  get isOwed(): boolean {
    return this.#committedSeconds !== undefined;
  }

  /** The person pauses after `pushedSeconds` of audio. */
  commit(pushedSeconds: number): SttStreamEvent[] {
    if (this.#interim !== '' || pushedSeconds - this.#heardSeconds > unansweredSeconds) {
      this.#committedSeconds = pushedSeconds;
      return [];
    }
    return this.#settled.length === 0 ? [] : this.#takeFinal();
  }

  accept(results: DeepgramResults): SttStreamEvent[] {
    const { is_final: isFinal = false, speech_final: isPause = false } = results;
    const [best] = results.channel.alternatives;
    const text = best?.transcript.trim() ?? '';
    this.#heardSeconds = Math.max(this.#heardSeconds, results.start + results.duration);
    if (!isFinal) {
      this.#interim = text;
      return text === '' ? [] : [{ type: 'interim', text: [...this.#settled, text].join(' ') }];
    }
    this.#interim = '';
    if (text !== '') {
      this.#settled.push(text);
      this.#countLanguages(best);
    }
    if (this.#isCommitAnswered(results)) {
      this.#committedSeconds = undefined;
      return this.#takeFinal();
    }
    if (this.#settled.length === 0) return [];
    if (isPause || results.from_finalize === true) return this.#takeFinal();
    return text === '' ? [] : [{ type: 'interim', text: this.#settled.join(' ') }];
  }

  #isCommitAnswered(results: DeepgramResults): boolean {
    if (this.#committedSeconds === undefined) return false;
    return (
      results.from_finalize === true || this.#heardSeconds >= this.#committedSeconds - unansweredSeconds / 2
    );
  }

  #takeFinal(): SttStreamEvent[] {
    const text = this.#settled.join(' ');
    const [spoken] = [...this.#wordsByLanguage].sort(([, a], [, b]) => b - a);
    this.#settled = [];
    this.#wordsByLanguage = new Map();
    return [{ type: 'final', text, language: this.#language ?? spoken?.[0] }];
  }

  #countLanguages(best: DeepgramResults['channel']['alternatives'][number] | undefined): void {
    const named = best?.words?.flatMap(({ language }) => (language === undefined ? [] : [language])) ?? [];
    const languages = named.length > 0 ? named : (best?.languages?.slice(0, 1) ?? []);
    // `en-GB` counts as `en`.
    for (const code of languages.map((language) => language.split('-')[0] ?? language))
      this.#wordsByLanguage.set(code, (this.#wordsByLanguage.get(code) ?? 0) + 1);
  }
}
