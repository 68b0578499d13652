/**
 * What happens in a room while another agent still has the call. Most of it is that agent's business and is forgotten;
 * kept is what the one that takes over must know to hear on without a gap: who is there, speech that has not ended, and
 * typed messages that the other may not have seen any more.
 */
import type { SpeakerId } from '@sophy/contracts/ids';
import type { TurnEvent } from '@sophy/conversation/turn-event';

/** A message that was typed longer ago than this was seen by the agent before, ms. */
const typedMemoryMs = 10_000;

export type TypedMessage = Extract<TurnEvent, { type: 'typed-message' }>;

export class StandbyInbox {
  readonly #joins = new Map<SpeakerId, TurnEvent>();
  readonly #speech = new Map<SpeakerId, TurnEvent[]>();
  #typed: TypedMessage[] = [];

  take(event: TurnEvent): void {
    switch (event.type) {
      case 'speaker-join':
        this.#joins.set(event.speaker, event);
        return;
      case 'speaker-leave':
        this.#joins.delete(event.speaker);
        this.#speech.delete(event.speaker);
        return;
      case 'speech-start':
        this.#speech.set(event.speaker, [event]);
        return;
      case 'speech-end':
        // Its words go to the agent that has the call: it gives nothing up while they are on their way.
        this.#speech.delete(event.speaker);
        return;
      case 'transcript-delta':
      case 'transcript-end':
        this.#speech.get(event.speaker)?.push(event);
        return;
      case 'typed-message':
        // A private one leaves no trace by which to tell whether it was answered.
        if (event.isPrivate === true) return;
        this.#typed = [...this.#typed.filter(({ atMs }) => event.atMs - atMs < typedMemoryMs), event];
        return;
      default:
        return;
    }
  }

  /**
   * What to decide on now, in order, with the present time: who is here, who speaks, and the typed messages that are
   * not among those that the agent before has taken.
   */
  release(
    nowMs: number,
    taken: readonly { readonly speaker: string | null; readonly text: string }[],
  ): readonly TurnEvent[] {
    const seen = [...taken];
    const typed = this.#typed.filter(({ atMs, speaker, text }) => {
      if (nowMs - atMs >= typedMemoryMs) return false;
      const index = seen.findIndex((one) => one.speaker === speaker && one.text === text);
      if (index >= 0) seen.splice(index, 1);
      return index < 0;
    });
    const events = [...this.#joins.values(), ...[...this.#speech.values()].flat(), ...typed];
    return events.map((event) => ({ ...event, atMs: nowMs }));
  }
}
