/** Captions as a listener in the room sees them: one entry a segment, replaced or extended as its streams come. */
import type { TextStreamReader } from '@livekit/rtc-node';
import {
  segmentIdAttribute,
  transcribedTrackIdAttribute,
  transcriptionFinalAttribute,
} from '@sophy/contracts/room-messages';

export type Caption = {
  /** Identity of the person or agent whose words these are. */
  readonly speaker: string;
  readonly segmentId: string;
  readonly trackId: string | undefined;
  readonly text: string;
  /** Marked final, or (the agent's growing segments carry no mark) its stream has ended. */
  readonly isFinal: boolean;
  /** `performance.now()` of the first and the latest change. */
  readonly firstMs: number;
  readonly updatedMs: number;
};

export class Captions {
  private readonly bySegment = new Map<string, Caption>();
  private readonly onChange: () => void;
  private readonly isAgent: (identity: string) => boolean;

  constructor(options: { onChange: () => void; isAgent: (identity: string) => boolean }) {
    this.onChange = options.onChange;
    this.isAgent = options.isAgent;
  }

  /** In the order in which their segments began. */
  list(): readonly Caption[] {
    return [...this.bySegment.values()];
  }

  /** Reads one stream to its end. A stream of a known segment replaces that segment's text. */
  async read(reader: TextStreamReader, speaker: string): Promise<void> {
    const attributes = reader.info.attributes ?? {};
    const segmentId = attributes[segmentIdAttribute] ?? reader.info.streamId;
    const isMarkedFinal = attributes[transcriptionFinalAttribute] === 'true';
    const key = `${speaker}\n${segmentId}`;
    let text = '';
    const update = (isFinal: boolean): void => {
      const nowMs = performance.now();
      this.bySegment.set(key, {
        speaker,
        segmentId,
        trackId: attributes[transcribedTrackIdAttribute],
        text,
        isFinal,
        firstMs: this.bySegment.get(key)?.firstMs ?? nowMs,
        updatedMs: nowMs,
      });
      this.onChange();
    };
    for await (const chunk of reader) {
      text += chunk;
      update(false);
    }
    update(isMarkedFinal || this.isAgent(speaker));
  }
}
