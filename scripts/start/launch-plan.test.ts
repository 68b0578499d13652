import { parseEnvironment } from '@sophy/contracts/environment';
import { describe, expect, test } from 'vitest';
import { type LaunchPlan, planLaunch } from './launch-plan.ts';

function plan(variables: Readonly<Record<string, string>>, hasOllama = false): LaunchPlan {
  const parsed = parseEnvironment(variables);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return planLaunch(parsed.environment, hasOllama);
}

const livekit = {
  LIVEKIT_URL: 'wss://livekit.example.org',
  LIVEKIT_API_KEY: 'key',
  LIVEKIT_API_SECRET: 's'.repeat(32),
};
const outside = 'http://127.0.0.1:8000/v1';

describe('what npm start runs itself', () => {
  test('everything, when nothing is set', () => {
    expect(plan({})).toEqual({ runsPostgres: true, runsLivekit: true, localStages: ['stt', 'llm', 'tts'] });
  });

  test.each([
    ['DATABASE_URL', { DATABASE_URL: 'postgres://db.example.org/sophy' }, { runsPostgres: false }],
    ['LIVEKIT_URL', livekit, { runsLivekit: false }],
    ['ENGINES_URL', { ENGINES_URL: outside }, { localStages: [] }],
    ['STT_BASE_URL', { STT_BASE_URL: outside }, { localStages: ['llm', 'tts'] }],
    ['LLM_BASE_URL', { LLM_BASE_URL: outside }, { localStages: ['stt', 'tts'] }],
    ['TTS_BASE_URL', { TTS_BASE_URL: outside }, { localStages: ['stt', 'llm'] }],
    ['LLM_ENGINE=openrouter', { LLM_ENGINE: 'openrouter' }, { localStages: ['stt', 'tts'] }],
    [
      'a local engine by name',
      { STT_BASE_URL: outside, STT_ENGINE: 'local' },
      { localStages: ['stt', 'llm', 'tts'] },
    ],
  ])('%s replaces its part', (_name, variables, expected) => {
    expect(plan(variables)).toMatchObject(expected);
  });

  test('no engines at all when every stage is elsewhere', () => {
    const variables = { STT_BASE_URL: outside, LLM_BASE_URL: outside, TTS_BASE_URL: outside };
    expect(plan(variables).localStages).toEqual([]);
  });

  test('an Ollama that answers is the brain, unless the local one is asked for', () => {
    expect(plan({}, true).localStages).toEqual(['stt', 'tts']);
    expect(plan({ LLM_ENGINE: 'local' }, true).localStages).toEqual(['stt', 'llm', 'tts']);
  });
});
