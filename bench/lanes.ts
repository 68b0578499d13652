/** What a call costs with more and more people in it: CPU and memory of its job process, microphones silent, muted or in use. */

import { setTimeout as delay } from 'node:timers/promises';
import { Room, TrackPublishOptions, TrackSource } from '@livekit/rtc-node';
import { tokenResponseSchema } from '@sophy/contracts/http-token';
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import { openMicrophone } from '@sophy/testkit/microphone';
import { concatenate, silence } from '@sophy/testkit/pcm';
import { openaiEngines, type Product } from '@sophy/testkit/product';
import { startScriptedEngineServer } from '@sophy/testkit/scripted-engine-server';
import { RoomServiceClient } from 'livekit-server-sdk';
import { withProduct } from './bench-product.ts';
import { questions } from './clips.ts';
import { type ProcessCost, processCost } from './process-cost.ts';
import { alignRows, type BenchReport } from './report.ts';
import { scriptedDelays, type VoiceBenchOptions } from './voice-to-voice.ts';

const roomName = 'lanes';
const peopleCounts = [1, 2, 6] as const;
const activities = ['silent', 'noise', 'speaking', 'muted'] as const;
type Activity = (typeof activities)[number];
const watchMs = 30_000;
/** Joining, subscribing and muting are not part of the figure, ms. */
const settleMs = 4_000;
/** A fan in the room, dB below full scale: loud enough to be sound, nothing like a voice. */
const noiseDbfs = -45;

type Measured = ProcessCost & { readonly people: number; readonly activity: Activity };

/** A person who neither listens nor moves: the cost of hearing them is all that is measured. */
type Person = {
  say(clip: PcmAudio): Promise<unknown>;
  mute(): Promise<unknown>;
  /** With another track: a server may mute a microphone, never open it. */
  unmute(): Promise<void>;
  leave(): Promise<void>;
};

export async function benchLanes(options: VoiceBenchOptions): Promise<readonly BenchReport[]> {
  const engines = await startScriptedEngineServer({
    delays: scriptedDelays,
    tokensPerSecond: 1_000,
    transcripts: () => 'The weather was fine in the mountains.',
    reply: 'I see.',
  });
  const speech = await options.speech.synthesize(questions[2].text);
  const measured: Measured[] = [];
  try {
    await withProduct({ engines: openaiEngines(engines.baseUrl) }, async (product) => {
      const people: Person[] = [];
      try {
        for (const count of peopleCounts) {
          while (people.length < count) people.push(await joinPerson(product, `Person ${people.length + 1}`));
          const job = await jobProcess(product);
          for (const activity of activities) {
            const cost = await during(people, { activity, speech }, () => processCost(job, watchMs));
            measured.push({ ...cost, people: count, activity });
            options.onTurn(
              `${count} ${activity}: ${(cost.cores * 100).toFixed(1)} % of a core, ${cost.memoryMb.toFixed(0)} MB`,
            );
          }
        }
      } finally {
        await Promise.all(people.map((person) => person.leave()));
      }
    });
  } finally {
    await engines.stop();
  }
  return [report(measured)];
}

/** The process in which the agent listens, as it has logged itself: the latest, should one have failed. */
async function jobProcess({ logs }: Product): Promise<number> {
  const listening = /"pid":(\d+),[^\n]*"name":"worker-job",[^\n]*"msg":"listening"/g;
  for (let attempt = 0; attempt < 60; attempt += 1) {
    const pid = [...logs().matchAll(listening)].at(-1)?.[1];
    if (pid !== undefined) return Number(pid);
    await delay(500);
  }
  throw new Error('no agent has come into the room within 30 s');
}

async function joinPerson({ api, livekit }: Product, name: string): Promise<Person> {
  const answer = await api('POST', '/api/token', { room_name: roomName, participant_name: name });
  const { token } = tokenResponseSchema.parse(answer.body);
  const room = new Room();
  await room.connect(livekit.url, token, { autoSubscribe: false, dynacast: false });
  const participant = room.localParticipant;
  if (participant === undefined) throw new Error(`${name} has no place in the room`);
  const rooms = new RoomServiceClient(livekit.url.replace(/^ws/, 'http'), livekit.apiKey, livekit.apiSecret);
  const publish = async () => {
    const microphone = openMicrophone(name);
    const publication = await participant.publishTrack(
      microphone.track,
      new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE }),
    );
    return { microphone, trackId: publication.sid ?? '' };
  };
  let published = await publish();
  return {
    say: (clip) => published.microphone.say(clip),
    mute: () => rooms.mutePublishedTrack(roomName, participant.identity, published.trackId, true),
    async unmute() {
      await participant.unpublishTrack(published.trackId);
      await published.microphone.close();
      published = await publish();
    },
    async leave() {
      await published.microphone.close();
      await room.disconnect();
    },
  };
}

/** Lets everybody do something while `work` runs. */
async function during<T>(
  people: readonly Person[],
  { activity, speech }: { readonly activity: Activity; readonly speech: PcmAudio },
  work: () => Promise<T>,
): Promise<T> {
  const pause = silence(500, speech.sampleRateHz);
  let isOver = false;
  const speakInTurns = async (): Promise<void> => {
    for (let turn = 0; !isOver; turn += 1)
      await people[turn % people.length]?.say(concatenate(speech, pause));
  };
  let acting: Promise<unknown> = Promise.resolve();
  if (activity === 'muted') await Promise.all(people.map((person) => person.mute()));
  if (activity === 'noise') {
    const lengthMs = settleMs + watchMs + 500;
    acting = Promise.all(people.map((person) => person.say(noise(lengthMs, speech.sampleRateHz))));
  }
  if (activity === 'speaking') acting = speakInTurns();
  try {
    await delay(settleMs);
    return await work();
  } finally {
    isOver = true;
    await acting;
    if (activity === 'muted') await Promise.all(people.map((person) => person.unmute()));
  }
}

/** White noise of a level, the same each time. */
function noise(lengthMs: number, sampleRateHz: number): PcmAudio {
  const { samples } = silence(lengthMs, sampleRateHz);
  const peak = 32_768 * 10 ** (noiseDbfs / 20) * Math.sqrt(3);
  let seed = 1;
  for (let index = 0; index < samples.length; index += 1) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    samples[index] = Math.round((seed / 1_073_741_824 - 1) * peak);
  }
  return { samples, sampleRateHz };
}

function report(measured: readonly Measured[]): BenchReport {
  const of = (people: number, activity: Activity): Measured | undefined =>
    measured.find((entry) => entry.people === people && entry.activity === activity);
  const [fewest, , most] = peopleCounts;
  const rows = activities.map((activity) => {
    const first = of(fewest, activity);
    const last = of(most, activity);
    const perLane =
      first === undefined || last === undefined
        ? undefined
        : {
            cores: (last.cores - first.cores) / (most - fewest),
            memoryMb: (last.memoryMb - first.memoryMb) / (most - fewest),
          };
    return [
      activity,
      ...peopleCounts.map((count) => percent(of(count, activity)?.cores)),
      percent(perLane?.cores),
      ...peopleCounts.map((count) => of(count, activity)?.memoryMb.toFixed(0) ?? '-'),
      perLane?.memoryMb.toFixed(1) ?? '-',
    ];
  });
  const header = [
    'microphones',
    ...peopleCounts.map((count) => `CPU ${count}`),
    'CPU a lane',
    ...peopleCounts.map((count) => `MB ${count}`),
    'MB a lane',
  ];
  return {
    name: 'lanes',
    lines: ['job process: part of a core over 30 s, and PSS', alignRows(header, rows)],
    data: { measured, conditions: { watchMs, settleMs, noiseDbfs } },
  };
}

function percent(cores: number | undefined): string {
  return cores === undefined ? '-' : `${(cores * 100).toFixed(2)} %`;
}
