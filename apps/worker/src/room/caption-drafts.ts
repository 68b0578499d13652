/** The caption of each speaker's running turn: one segment, however many pauses the turn has. */
import type { SpeakerId, UtteranceId } from '@sophy/contracts/ids';

export type CaptionDraft = { readonly segmentId: UtteranceId; readonly text: string };

export class CaptionDrafts {
  readonly #drafts = new Map<
    SpeakerId,
    { readonly segmentId: UtteranceId; readonly parts: Map<UtteranceId, string> }
  >();

  /** The caption with the newest words of one utterance in it. */
  update(speaker: SpeakerId, utteranceId: UtteranceId, text: string): CaptionDraft {
    const draft = this.#drafts.get(speaker) ?? { segmentId: utteranceId, parts: new Map() };
    this.#drafts.set(speaker, draft);
    draft.parts.set(utteranceId, text);
    return {
      segmentId: draft.segmentId,
      text: [...draft.parts.values()].filter((part) => part !== '').join(' '),
    };
  }

  /** Ends the speaker's turn and returns its segment, where anything was shown of it. */
  finish(speaker: SpeakerId): UtteranceId | undefined {
    const draft = this.#drafts.get(speaker);
    this.#drafts.delete(speaker);
    return draft?.segmentId;
  }
}
