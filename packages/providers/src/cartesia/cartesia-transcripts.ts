/** Makes utterances of the pieces in which Cartesia gives them. */
import type { SttStreamEvent } from '@sophy/conversation/stt-port';
import type { HearingMessage } from './cartesia-message.ts';

export class CartesiaTranscripts {
  readonly #language: string | undefined;
  readonly #endsUtterances: boolean;
  #settled = '';
  #spokenLanguage: string | undefined;
  #commits = 0;

  /** @param endsUtterances whether the model ends utterances by itself, at silence; otherwise commits do. */
  constructor(language: string | undefined, endsUtterances: boolean) {
    this.#language = language;
    this.#endsUtterances = endsUtterances;
  }

  /** Whether the final of a commit is still due. */
  get isOwed(): boolean {
    return this.#commits > 0;
  }

  commit(): void {
    this.#commits += 1;
  }

  accept(message: Extract<HearingMessage, { type: 'transcript' | 'flush_done' }>): SttStreamEvent[] {
    if (message.type === 'flush_done') {
      if (this.#commits === 0) return [];
      this.#commits -= 1;
      return this.#takeFinal();
    }
    const text = `${this.#settled}${message.text}`;
    if (message.is_final) {
      this.#settled = text;
      this.#spokenLanguage = message.language ?? this.#spokenLanguage;
      if (this.#endsUtterances && !this.isOwed && text.trim() !== '') return this.#takeFinal();
    }
    return text.trim() === '' ? [] : [{ type: 'interim', text: text.trim() }];
  }

  #takeFinal(): SttStreamEvent[] {
    const text = this.#settled.trim();
    const language = this.#language ?? this.#spokenLanguage;
    this.#settled = '';
    this.#spokenLanguage = undefined;
    return [{ type: 'final', text, language }];
  }
}
