/** A participant that sends back what it hears, frame by frame: what transport alone costs, there and back. */
import {
  AudioFrame,
  AudioSource,
  AudioStream,
  LocalAudioTrack,
  type RemoteTrack,
  Room,
  RoomEvent,
  TrackKind,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';
import { makeToken } from './join-token.ts';
import { heardFrameMs, heardSampleRateHz } from './received-audio.ts';

export type Echo = { readonly identity: string; leave(): Promise<void> };

/** Joins and echoes the first microphone that it hears. No queue, no detection, no processing. */
export async function joinEcho(options: {
  url: string;
  apiKey: string;
  apiSecret: string;
  roomName: string;
}): Promise<Echo> {
  const identity = 'echo';
  const room = new Room();
  const source = new AudioSource(heardSampleRateHz, 1, 0);
  const track = LocalAudioTrack.createAudioTrack('echo', source);
  let echoing: Promise<void> | undefined;
  const echo = async (heard: RemoteTrack): Promise<void> => {
    const stream = new AudioStream(heard, {
      sampleRate: heardSampleRateHz,
      numChannels: 1,
      frameSizeMs: heardFrameMs,
    });
    for await (const frame of stream) {
      await source.captureFrame(
        new AudioFrame(frame.data.slice(), heardSampleRateHz, 1, frame.samplesPerChannel),
      );
    }
  };
  room.on(RoomEvent.TrackSubscribed, (heard) => {
    if (heard.kind === TrackKind.KIND_AUDIO) echoing ??= echo(heard);
  });
  await room.connect(options.url, await makeToken({ ...options, name: identity }), {
    autoSubscribe: true,
    dynacast: false,
  });
  const publishing = new TrackPublishOptions();
  publishing.source = TrackSource.SOURCE_MICROPHONE;
  await room.localParticipant?.publishTrack(track, publishing);
  return {
    identity,
    async leave() {
      await room.disconnect();
      await echoing;
      await track.close();
    },
  };
}
