/** A running product with scripted engines for one test file, and the few moves that every call in it needs. */
import { dispose } from '@livekit/rtc-node';
import type { CallId } from '@sophy/contracts/ids';
import { parseAgentIdentity } from '@sophy/contracts/job-metadata';
import type { PcmAudio } from '@sophy/contracts/pcm-audio';
import type { SettingsPatch } from '@sophy/contracts/settings';
import type { Caller } from '@sophy/testkit/caller';
import type { SpokenSpan } from '@sophy/testkit/microphone';
import { concatenate, silence } from '@sophy/testkit/pcm';
import { createTestDatabase } from '@sophy/testkit/postgres';
import { openaiEngines, type Product, startProduct } from '@sophy/testkit/product';
import { type ScriptedEngineServer, startScriptedEngineServer } from '@sophy/testkit/scripted-engine-server';
import { openSpeech } from '@sophy/testkit/speech';
import { onTestFailed } from 'vitest';
import { waitForJournal } from './records.ts';

/** What the scripted engines wait, ms: STT 100, first token 150, first byte of speech 80. */
export const modelTimeMs = 330;

export type Conversation = {
  readonly product: Product;
  readonly engines: ScriptedEngineServer;
  /** Joins and waits until the agent listens and knows of this person. */
  join(roomName: string, name: string): Promise<Caller>;
  /** Has the sentence ready, so that `say` speaks it at once: a machine that never spoke it needs seconds. */
  rehearse(text: string): Promise<void>;
  /** Speaks with a real voice; recognition understands `text`. Resolves when the last sound has left. */
  say(caller: Caller, text: string): Promise<SpokenSpan>;
  /** Prints the logs of all processes when the running test fails. To be called in `beforeEach`. */
  showLogsOnFailure(): void;
  stop(): Promise<void>;
};

export async function startConversation(
  options: { settings?: SettingsPatch; env?: Readonly<Record<string, string>>; redisAddress?: string } = {},
): Promise<Conversation> {
  const speech = openSpeech();
  const database = await createTestDatabase();
  const engines = await startScriptedEngineServer({ tokensPerSecond: 1_000 });
  const closeEngines = async (): Promise<void> => {
    await engines.stop();
    await database.drop();
    await speech.close();
  };
  let product: Product;
  try {
    product = await startProduct({
      databaseUrl: database.url,
      engines: openaiEngines(engines.baseUrl),
      ...(options.settings === undefined ? {} : { settings: options.settings }),
      ...(options.env === undefined ? {} : { env: options.env }),
      ...(options.redisAddress === undefined ? {} : { redisAddress: options.redisAddress }),
    });
  } catch (error) {
    await closeEngines();
    throw error;
  }
  return {
    product,
    engines,
    async join(roomName, name) {
      const caller = await product.joinCaller({ roomName, name });
      await caller.waitForAgent();
      await caller.waitForAgentState('listening');
      await waitForJournal(product, callOf(caller), (events) =>
        events.some((event) => event.type === 'speaker-join' && event.speaker === caller.identity),
      );
      return caller;
    },
    async rehearse(text) {
      await speech.synthesize(text);
    },
    async say(caller, text) {
      engines.setTranscripts(() => text);
      return caller.say(withPauses(await speech.synthesize(text)));
    },
    showLogsOnFailure() {
      onTestFailed(() => {
        console.error(product.logs());
      });
    },
    async stop() {
      try {
        await product.stop();
      } finally {
        await closeEngines();
        await dispose();
      }
    },
  };
}

/** The call that the agent in a caller's room is of. Throws when there is no agent of ours. */
export function callOf(caller: Caller): CallId {
  const agent = parseAgentIdentity(caller.agentIdentity ?? '');
  if (agent === undefined)
    throw new Error(`${caller.name} sees no agent of ours but ${caller.agentIdentity}`);
  return agent.callId;
}

/** A clip with the quiet around it that a person leaves. */
function withPauses(clip: PcmAudio): PcmAudio {
  return concatenate(silence(300, clip.sampleRateHz), clip, silence(20, clip.sampleRateHz));
}
