/** The scenarios marked for audio: real voices, voice activity, lanes and voice in real time, without a server. */
import { initializeLogger } from '@livekit/agents';
import { checkScenario } from '@sophy/testkit/scenario/check-scenario';
import { loadScenarios } from '@sophy/testkit/scenario/load-scenarios';
import type { Scenario } from '@sophy/testkit/scenario/scenario';
import { openSpeech } from '@sophy/testkit/speech';
import { beforeAll, expect, test } from 'vitest';
import { type AudioScript, prepareAudio, runInAudio } from './scenario-audio.ts';

/** Lanes cost little; what is played at once only has to stay in real time. */
const playedAtOnce = 8;
/** What a real voice's onset and a loaded machine add to a moment, ms. */
const slackMs = 250;

const scenarios = loadScenarios().filter(({ isForAudio }) => isForAudio);
const played = new Map<Scenario, PromiseWithResolvers<readonly string[]>>(
  scenarios.map((scenario) => [scenario, Promise.withResolvers()]),
);

beforeAll(async () => {
  initializeLogger({ pretty: false, level: 'warn' });
  for (const done of played.values()) done.promise.catch(() => undefined);
  const scripts = await prepareAll();
  const waiting = [...scenarios];
  const playOn = async (): Promise<void> => {
    for (let scenario = waiting.shift(); scenario !== undefined; scenario = waiting.shift()) {
      await play(scenario, scripts.get(scenario));
    }
  };
  const playing = Promise.all(Array.from({ length: playedAtOnce }, playOn));
  return async () => {
    await playing;
  };
});

test.each(scenarios.map((scenario) => [scenario.file, scenario.title, scenario] as const))(
  '%s: %s',
  async (_file, _title, scenario) => {
    expect(await played.get(scenario)?.promise).toEqual([]);
  },
);

async function prepareAll(): Promise<ReadonlyMap<Scenario, AudioScript>> {
  const speech = openSpeech();
  try {
    const scripts = new Map<Scenario, AudioScript>();
    for (const scenario of scenarios) scripts.set(scenario, await prepareAudio(scenario, speech));
    return scripts;
  } finally {
    await speech.close();
  }
}

async function play(scenario: Scenario, script: AudioScript | undefined): Promise<void> {
  const done = played.get(scenario);
  try {
    if (script === undefined) throw new Error(`${scenario.file} was not prepared`);
    const { record, broken } = await runInAudio(scenario, script);
    done?.resolve([...checkScenario(scenario, record, { slackMs }), ...broken]);
  } catch (error) {
    done?.reject(error);
  }
}
