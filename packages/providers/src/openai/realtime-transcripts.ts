/** Puts the transcription events of one Realtime session into the order in which people spoke. */
import type { SttStreamEvent } from '@sophy/conversation/stt-port';
import type { RealtimeEvent } from './realtime-event.ts';

type Item = { text: string; isCommitted: boolean; isFinal: boolean };

/**
 * Deltas become the text so far. Services promise no order between the finals of two utterances, so
 * one that overtakes waits for those that were committed before it.
 */
export class RealtimeTranscripts {
  readonly #items = new Map<string, Item>();
  readonly #language: string | undefined;

  constructor(language: string | undefined) {
    this.#language = language;
  }

  /** Whether an utterance has ended whose final text is still due. */
  get isOwed(): boolean {
    return this.#items.values().some((item) => item.isCommitted && !item.isFinal);
  }

  accept(event: RealtimeEvent): SttStreamEvent[] {
    switch (event.type) {
      case 'input_audio_buffer.committed':
        this.#item(event.item_id).isCommitted = true;
        return [];
      case 'conversation.item.input_audio_transcription.delta': {
        const item = this.#item(event.item_id);
        item.text += event.delta;
        return item.text.trim() === '' ? [] : [{ type: 'interim', text: item.text.trim() }];
      }
      case 'conversation.item.input_audio_transcription.completed': {
        const item = this.#item(event.item_id);
        item.text = event.transcript;
        item.isFinal = true;
        return this.#takeFinals();
      }
      case 'input_audio_buffer.speech_started':
      case 'input_audio_buffer.speech_stopped':
      case 'conversation.item.input_audio_transcription.failed':
      case 'error':
        return [];
    }
  }

  #item(id: string): Item {
    const known = this.#items.get(id);
    if (known !== undefined) return known;
    const item = { text: '', isCommitted: false, isFinal: false };
    this.#items.set(id, item);
    return item;
  }

  #takeFinals(): SttStreamEvent[] {
    const finals: SttStreamEvent[] = [];
    for (const [id, item] of this.#items) {
      if (!item.isFinal) break;
      this.#items.delete(id);
      finals.push({ type: 'final', text: item.text.trim(), language: this.#language });
    }
    return finals;
  }
}
