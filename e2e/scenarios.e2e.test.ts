/** The scenarios marked for a room, in live rooms: decisions and sound are as their authors expect. */
import { settingsSchema } from '@sophy/contracts/settings';
import { checkScenario } from '@sophy/testkit/scenario/check-scenario';
import { loadScenarios } from '@sophy/testkit/scenario/load-scenarios';
import type { Scenario } from '@sophy/testkit/scenario/scenario';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { type Conversation, startConversation } from './conversation.ts';
import { openScenarioEngines, playInRoom, prepareClips } from './scenario-room.ts';

/** While one is played, the people of the next come in. */
const roomsAtOnce = 2;
/** What a network and a loaded machine may add to a moment, ms: what it usually takes is measured by the benches. */
const slackMs = 600;

const scenarios = loadScenarios().filter(({ isForRoom }) => isForRoom);
let conversation: Conversation;
/** What is wrong with each, once it was played. */
const played = new Map<Scenario, PromiseWithResolvers<readonly string[]>>(
  scenarios.map((scenario) => [scenario, Promise.withResolvers()]),
);

beforeAll(async () => {
  const clips = await prepareClips(scenarios);
  conversation = await startConversation();
  const engines = openScenarioEngines(conversation);
  let stage: Promise<unknown> = Promise.resolve();
  const onStage = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const playing = stage.then(work);
    stage = playing.catch(() => undefined);
    return playing;
  };
  const play = async (scenario: Scenario): Promise<void> => {
    const done = played.get(scenario);
    try {
      const record = await playInRoom(scenario, {
        conversation,
        engines,
        clips: clips.get(scenario) ?? new Map(),
        onStage,
      });
      done?.resolve(checkScenario(scenario, record, { slackMs }));
    } catch (error) {
      done?.reject(error);
    }
  };
  const playing = playAll(play);
  return async () => {
    await playing;
    await conversation.stop();
  };
});
beforeEach(() => conversation.showLogsOnFailure());

test.each(scenarios.map((scenario) => [scenario.file, scenario.title, scenario] as const))(
  '%s: %s',
  async (_file, _title, scenario) => {
    expect(await played.get(scenario)?.promise).toEqual([]);
  },
);

/** Those of the same settings at once, a few at a time: a product has one set of settings. */
async function playAll(play: (scenario: Scenario) => Promise<void>): Promise<void> {
  for (const done of played.values()) done.promise.catch(() => undefined);
  const groups = Map.groupBy(scenarios, ({ settings }) => JSON.stringify(settings));
  for (const group of groups.values()) {
    await apply(group[0]?.settings ?? {});
    const waiting = [...group];
    const next = async (): Promise<void> => {
      for (let scenario = waiting.shift(); scenario !== undefined; scenario = waiting.shift())
        await play(scenario);
    };
    await Promise.all(Array.from({ length: roomsAtOnce }, next));
    await apply(Object.fromEntries(Object.keys(group[0]?.settings ?? {}).map((key) => [key, usual(key)])));
  }
}

async function apply(settings: Readonly<Record<string, unknown>>): Promise<void> {
  if (Object.keys(settings).length === 0) return;
  const answer = await conversation.product.api('POST', '/api/settings', { settings });
  if (answer.status !== 200) throw new Error(`settings were refused: ${JSON.stringify(answer)}`);
}

function usual(key: string): unknown {
  return Object.entries(settingsSchema.parse({})).find(([name]) => name === key)?.[1];
}
