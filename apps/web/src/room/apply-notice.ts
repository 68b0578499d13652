/** What the agent tells the room, taken into the snapshot. Pure. */
import type { RoomNotice } from '@sophy/contracts/room-messages';
import { applyCaptionEvent } from './caption-store.ts';
import type { RoomSnapshot } from './room-snapshot.ts';

/** What only the agent knows; it is void when that agent is gone. */
export const nothingTold = {
  windows: [],
  decision: null,
  waiting: [],
  raisedHands: [],
  queue: [],
  hearing: {},
} as const satisfies Partial<RoomSnapshot>;

/** The snapshot after the notice, which came at `atMs` of this page's clock. */
export function applyNotice(snapshot: RoomSnapshot, notice: RoomNotice, atMs: number): RoomSnapshot {
  switch (notice.type) {
    case 'decision': {
      const name = snapshot.people.find((person) => person.identity === notice.speaker)?.name ?? null;
      return {
        ...snapshot,
        decision: { ...notice, name },
        captions: applyCaptionEvent(snapshot.captions, { type: 'decision', notice, atMs }),
      };
    }
    case 'waiting': {
      const { speaker, reason, untilMs } = notice;
      const others = snapshot.waiting.filter((wait) => wait.speaker !== speaker);
      return { ...snapshot, waiting: untilMs === null ? others : [...others, { speaker, reason, untilMs }] };
    }
    case 'hand': {
      const others = snapshot.raisedHands.filter((speaker) => speaker !== notice.speaker);
      return { ...snapshot, raisedHands: notice.isRaised ? [...others, notice.speaker] : others };
    }
    case 'queue':
      return { ...snapshot, queue: notice.speakers };
    case 'hearing':
      return { ...snapshot, hearing: { ...snapshot.hearing, [notice.speaker]: notice.state } };
    case 'window': {
      const { window, speaker, untilMs } = notice;
      const others = snapshot.windows.filter((open) => open.window !== window || open.speaker !== speaker);
      return { ...snapshot, windows: untilMs === null ? others : [...others, { window, speaker, untilMs }] };
    }
    case 'interrupted':
      return { ...snapshot, captions: applyCaptionEvent(snapshot.captions, notice) };
    case 'engine-trouble': {
      const { stage, speaker } = notice;
      const name = snapshot.people.find((person) => person.identity === speaker)?.name ?? null;
      return { ...snapshot, trouble: { stage, name, count: (snapshot.trouble?.count ?? 0) + 1 } };
    }
    case 'timing':
      return {
        ...snapshot,
        timing: notice,
        captions: applyCaptionEvent(snapshot.captions, { type: 'timing', timing: notice }),
      };
  }
}

/** The snapshot after a person went: nothing of theirs stays for a namesake or for their own return. */
export function withoutPerson(snapshot: RoomSnapshot, identity: string): RoomSnapshot {
  const isOther = ({ speaker }: { readonly speaker: string }) => speaker !== identity;
  return {
    ...snapshot,
    windows: snapshot.windows.filter(isOther),
    waiting: snapshot.waiting.filter(isOther),
    raisedHands: snapshot.raisedHands.filter((speaker) => speaker !== identity),
    queue: snapshot.queue.filter((speaker) => speaker !== identity),
    hearing: Object.fromEntries(Object.entries(snapshot.hearing).filter(([speaker]) => speaker !== identity)),
  };
}
