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
import { findProcesses, type ProcessCost, processCost } from './process-cost.ts';
import { alignRows, type BenchReport } from './report.ts';
import { scriptedDelays, type VoiceBenchOptions } from './voice-to-voice.ts';

const roomName = 'lanes';
const peopleCounts = [1, 2, 6] as const;
const activities = ['silent', 'noise', 'muted', 'speaking'] as const;
type Activity = (typeof activities)[number];
/** Command line of a process that runs a call. */
const jobCommand = 'job_proc';
const watchMs = 30_000;
/** Joining, subscribing and muting are not part of the figure, ms. */
const settleMs = 4_000;
/** A fan in the room, dB below full scale: loud enough to be sound, nothing like a voice. */
const noiseDbfs = -45;

type Measured = ProcessCost & { readonly people: number; readonly activity: Activity };

/** A person who neither listens nor moves: the cost of hearing them is all that is measured. */
type Person = {
  readonly identity: string;
  readonly trackId: string;
  say(clip: PcmAudio): Promise<unknown>;
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
      const [job, ...others] = await findProcesses(process.pid, jobCommand);
      if (job === undefined || others.length > 0)
        throw new Error(`one idle job process was expected, there are ${others.length + 1}`);
      const people: Person[] = [];
      try {
        for (const count of peopleCounts) {
          while (people.length < count) people.push(await joinPerson(product, `Person ${people.length + 1}`));
          for (const activity of activities) {
            const cost = await during(product, people, { activity, speech }, () => processCost(job, watchMs));
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

async function joinPerson({ api, livekit }: Product, name: string): Promise<Person> {
  const answer = await api('POST', '/api/token', { room_name: roomName, participant_name: name });
  const { token } = tokenResponseSchema.parse(answer.body);
  const room = new Room();
  await room.connect(livekit.url, token, { autoSubscribe: false, dynacast: false });
  const participant = room.localParticipant;
  if (participant === undefined) throw new Error(`${name} has no place in the room`);
  const microphone = openMicrophone(name);
  const published = await participant.publishTrack(
    microphone.track,
    new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE }),
  );
  return {
    identity: participant.identity,
    trackId: published.sid ?? '',
    say: (clip) => microphone.say(clip),
    async leave() {
      await microphone.close();
      await room.disconnect();
    },
  };
}

/** Lets everybody do something while `work` runs. */
async function during<T>(
  { livekit }: Product,
  people: readonly Person[],
  { activity, speech }: { readonly activity: Activity; readonly speech: PcmAudio },
  work: () => Promise<T>,
): Promise<T> {
  const rooms = new RoomServiceClient(livekit.url.replace(/^ws/, 'http'), livekit.apiKey, livekit.apiSecret);
  const mute = (isMuted: boolean) =>
    Promise.all(
      people.map(({ identity, trackId }) => rooms.mutePublishedTrack(roomName, identity, trackId, isMuted)),
    );
  const pause = silence(500, speech.sampleRateHz);
  let isOver = false;
  const speakInTurns = async (): Promise<void> => {
    for (let turn = 0; !isOver; turn += 1)
      await people[turn % people.length]?.say(concatenate(speech, pause));
  };
  let acting: Promise<unknown> = Promise.resolve();
  if (activity === 'muted') await mute(true);
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
    if (activity === 'muted') await mute(false);
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
