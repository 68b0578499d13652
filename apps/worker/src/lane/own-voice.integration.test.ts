/** The agent's voice through a real room and back: the lane says whose voice it hears. */
import { initializeLogger } from '@livekit/agents';
import { AudioStream, dispose, RemoteAudioTrack, Room, RoomEvent } from '@livekit/rtc-node';
import { speakerIdSchema } from '@sophy/contracts/ids';
import { ownSoundFrom } from '@sophy/conversation/rules/interruption/own-voice';
import type { UploadSttPort } from '@sophy/conversation/stt-port';
import type { TurnEvent } from '@sophy/conversation/turn-event';
import { joinCaller } from '@sophy/testkit/caller';
import { createCondition } from '@sophy/testkit/condition';
import { joinEcho } from '@sophy/testkit/echo';
import { makeToken } from '@sophy/testkit/join-token';
import { startLivekitServer, type TestLivekitServer } from '@sophy/testkit/livekit-server';
import { resample } from '@sophy/testkit/resample';
import { openSpeech, type SpeechMaker } from '@sophy/testkit/speech';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AgentTrack } from '../voice/agent-track.ts';
import { PlayedAudio } from '../voice/played-audio.ts';
import { Playout } from '../voice/playout.ts';
import { voiceSampleRateHz } from '../voice/speaker.ts';
import { Lane, laneSampleRateHz } from './lane.ts';

const story =
  'The museum opens at ten in the morning and closes at six in the evening. On the first floor you find the paintings.';
const wordless: UploadSttPort = {
  kind: 'upload',
  label: 'wordless',
  maxAudioMs: 30_000,
  transcribe: async () => ({ text: '', language: undefined }),
};

let livekit: TestLivekitServer;
let speech: SpeechMaker;

beforeAll(async () => {
  initializeLogger({ pretty: false, level: 'warn' });
  livekit = await startLivekitServer();
  speech = openSpeech();
});
afterAll(async () => {
  await speech.close();
  await livekit.stop();
  await dispose();
});

/** An agent that speaks and has a lane on the first microphone that it hears. */
async function joinAgent(roomName: string) {
  const now = (): number => performance.now();
  const changes = createCondition();
  const events: TurnEvent[] = [];
  const problems: Error[] = [];
  const played = new PlayedAudio({ sampleRateHz: voiceSampleRateHz, now });
  const room = new Room();
  let lane: Lane | undefined;
  const speaker = speakerIdSchema.parse('somebody');
  room.on(RoomEvent.TrackSubscribed, (track) => {
    if (!(track instanceof RemoteAudioTrack) || lane !== undefined) return;
    lane = new Lane({
      speaker,
      audio: new AudioStream(track, { sampleRate: laneSampleRateHz, numChannels: 1, frameSizeMs: 10 }),
      idPrefix: 'lane',
      stt: () => wordless,
      language: () => 'en',
      endOfTurnModel: () => undefined,
      played,
      now,
      post: (event) => {
        events.push(event);
        changes.notify();
      },
      onRecognized: () => undefined,
      onFailure: (error) => problems.push(error),
      onPeekFailure: (error) => problems.push(error),
      onEnded: (error) => problems.push(error),
    });
    changes.notify();
  });
  await room.connect(livekit.url, await makeToken({ ...livekit, roomName, name: 'agent' }), {
    autoSubscribe: true,
    dynacast: false,
  });
  const { localParticipant } = room;
  if (localParticipant === undefined) throw new Error('the agent has no participant');
  const track = await AgentTrack.publish(localParticipant);
  await track.whenHeard();
  await changes.until(
    () => lane,
    10_000,
    () => 'no microphone to hear',
  );
  const clip = resample(await speech.synthesize(story), voiceSampleRateHz);
  const completed = Promise.withResolvers<void>();
  const playout = new Playout({
    sink: track.sink,
    sampleRateHz: voiceSampleRateHz,
    played,
    onStart: () => undefined,
    onComplete: () => completed.resolve(),
    onError: (error) => completed.reject(error),
  });
  return {
    problems,
    /** Says the story to its end and until what was heard of it has ended too; gives what its sound was like. */
    async speak(whileSpeaking: () => Promise<unknown> = async () => undefined): Promise<readonly number[]> {
      playout.append(clip.samples);
      playout.finish();
      playout.play();
      await Promise.all([completed.promise, whileSpeaking()]);
      const count = (type: TurnEvent['type']): number => events.filter((event) => event.type === type).length;
      await changes.until(
        () => (count('speech-start') > 0 && count('speech-end') >= count('speech-start') ? true : undefined),
        5_000,
        () => `speech went on: ${events.map(({ type }) => type).join(', ')}`,
      );
      return events.flatMap((event) => (event.type === 'echo-estimate' ? [event.likeness] : []));
    },
    async leave(): Promise<void> {
      playout.stop();
      await playout.closed();
      await lane?.close();
      await track.close();
      await room.disconnect();
    },
  };
}

test('the voice that comes back is known for the own within 320 ms', async () => {
  const echo = await joinEcho({ ...livekit, roomName: 'own-voice' });
  const agent = await joinAgent('own-voice');
  try {
    const likeness = await agent.speak();
    expect(likeness.length).toBeGreaterThanOrEqual(3);
    expect(Math.max(...likeness.slice(0, 2))).toBeGreaterThanOrEqual(ownSoundFrom);
    expect(agent.problems).toEqual([]);
  } finally {
    await agent.leave();
    await echo.leave();
  }
}, 60_000);

test('a person who speaks over the voice is not taken for it', async () => {
  const anna = await joinCaller({ ...livekit, roomName: 'another-voice', name: 'Anna' });
  const agent = await joinAgent('another-voice');
  try {
    const words = await speech.synthesize('Wait a moment, I think that we should go there by train.');
    const likeness = await agent.speak(() => anna.say(words));
    expect(likeness.length).toBeGreaterThanOrEqual(3);
    for (const one of likeness) expect(one).toBeLessThan(ownSoundFrom);
    expect(agent.problems).toEqual([]);
  } finally {
    await agent.leave();
    await anna.leave();
  }
}, 60_000);
