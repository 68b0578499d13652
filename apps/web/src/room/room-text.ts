/** Turns the room's text streams and data packets into caption events and notices. */
import {
  chatTopic,
  noticeTopic,
  privateTopic,
  type RoomNotice,
  roomNoticeSchema,
  segmentIdAttribute,
  transcriptionFinalAttribute,
  transcriptionTopic,
} from '@sophy/contracts/room-messages';
import { type RemoteParticipant, type Room, RoomEvent, type TextStreamReader } from 'livekit-client';
import type { CaptionEvent, Speaker } from './caption-store.ts';

export type RoomTextHandlers = {
  readonly onCaption: (event: CaptionEvent) => void;
  readonly onNotice: (notice: RoomNotice) => void;
};

/** Listens until the returned function is called. */
export function listenToRoomText(room: Room, handlers: RoomTextHandlers): () => void {
  const report = (error: unknown) => console.warn('A text stream broke off', error);

  let streamNumber = 0;
  room.registerTextStreamHandler(transcriptionTopic, (reader, { identity }) => {
    streamNumber += 1;
    readCaption(reader, speakerIn(room, identity), streamNumber, handlers.onCaption).catch(report);
  });
  room.registerTextStreamHandler(privateTopic, (reader, { identity }) => {
    const by = speakerIn(room, identity);
    // Only the agent answers in private.
    if (!by.isAgent) return;
    streamNumber += 1;
    const onCaption = (event: CaptionEvent) =>
      handlers.onCaption(event.type === 'segment-text' ? { ...event, isPrivate: true } : event);
    readCaption(reader, by, streamNumber, onCaption).catch(report);
  });
  room.registerTextStreamHandler(chatTopic, (reader, { identity }) => {
    const by = speakerIn(room, identity);
    reader
      .readAll()
      .then((text) =>
        handlers.onCaption({
          type: 'typed',
          id: `${identity}\n${reader.info.id}`,
          by,
          text,
          atMs: Date.now(),
        }),
      )
      .catch(report);
  });
  const onData = (payload: Uint8Array, from?: RemoteParticipant, _kind?: unknown, topic?: string) => {
    // Only the agent may speak for the agent.
    if (topic !== noticeTopic || from?.isAgent !== true) return;
    const notice = parseNotice(payload);
    if (notice) handlers.onNotice(notice);
  };
  room.on(RoomEvent.DataReceived, onData);

  return () => {
    room.unregisterTextStreamHandler(transcriptionTopic);
    room.unregisterTextStreamHandler(privateTopic);
    room.unregisterTextStreamHandler(chatTopic);
    room.off(RoomEvent.DataReceived, onData);
  };
}

/** A worker newer than this page may send notices that it does not know: they are left out. */
function parseNotice(payload: Uint8Array): RoomNotice | null {
  try {
    const parsed = roomNoticeSchema.safeParse(JSON.parse(new TextDecoder().decode(payload)));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    console.warn('A notice is not JSON', error);
    return null;
  }
}

async function readCaption(
  reader: TextStreamReader,
  by: Speaker,
  streamNumber: number,
  onCaption: (event: CaptionEvent) => void,
): Promise<void> {
  const segmentId = reader.info.attributes?.[segmentIdAttribute] ?? reader.info.id;
  let text = '';
  for await (const chunk of reader) {
    text += chunk;
    onCaption({ type: 'segment-text', segmentId, by, text, streamNumber, atMs: Date.now() });
  }
  // The agent's stream grows until its reply is over; of a person's streams the last one says that it is final.
  const isFinal = by.isAgent || reader.info.attributes?.[transcriptionFinalAttribute] === 'true';
  if (!isFinal) return;
  // An empty final text takes back what the interim ones guessed.
  if (text === '') onCaption({ type: 'segment-text', segmentId, by, text, streamNumber, atMs: Date.now() });
  onCaption({ type: 'segment-final', segmentId, by });
}

function speakerIn(room: Room, identity: string): Speaker {
  const participant =
    identity === room.localParticipant.identity
      ? room.localParticipant
      : room.remoteParticipants.get(identity);
  return {
    speaker: identity,
    name: participant?.name || identity,
    isAgent: participant?.isAgent ?? false,
    isLocal: participant?.isLocal ?? false,
  };
}
