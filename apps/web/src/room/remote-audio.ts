/** Plays every voice of the room through audio elements of its own. */
import { type RemoteTrack, type Room, RoomEvent, Track } from 'livekit-client';

/** Attaches each remote audio track while it is subscribed; the returned function removes every element. */
export function playRemoteAudio(room: Room): () => void {
  const container = document.createElement('div');
  container.hidden = true;
  document.body.append(container);
  const start = (track: RemoteTrack) => {
    if (track.kind === Track.Kind.Audio) container.append(track.attach());
  };
  const stop = (track: RemoteTrack) => {
    for (const element of track.detach()) element.remove();
  };
  room.on(RoomEvent.TrackSubscribed, start).on(RoomEvent.TrackUnsubscribed, stop);
  return () => {
    room.off(RoomEvent.TrackSubscribed, start).off(RoomEvent.TrackUnsubscribed, stop);
    for (const participant of room.remoteParticipants.values()) {
      for (const publication of participant.trackPublications.values()) {
        if (publication.track) stop(publication.track);
      }
    }
    container.remove();
  };
}
