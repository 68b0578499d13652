/** Which parts npm start runs itself, and which the environment replaces. */
import type { Environment } from '@sophy/contracts/environment';

export type Stage = 'stt' | 'llm' | 'tts';

export type LaunchPlan = {
  readonly runsPostgres: boolean;
  readonly runsLivekit: boolean;
  /** Stages that the engines of this machine serve; empty when none does, and then no engines are started. */
  readonly localStages: readonly Stage[];
};

/** `ollamaAnswers`: whether an Ollama with a model was found, which then is the brain unless the environment says otherwise. */
export function planLaunch(environment: Environment, ollamaAnswers: boolean): LaunchPlan {
  const stages: Stage[] = [];
  if (environment.ENGINES_URL === undefined) {
    if (isLocal(environment.STT_ENGINE, environment.STT_BASE_URL)) stages.push('stt');
    if (isLlmLocal(environment, ollamaAnswers)) stages.push('llm');
    if (isLocal(environment.TTS_ENGINE, environment.TTS_BASE_URL)) stages.push('tts');
  }
  return {
    runsPostgres: environment.DATABASE_URL === undefined,
    runsLivekit: environment.LIVEKIT_URL === undefined,
    localStages: stages,
  };
}

/** A base URL alone selects the outside server, as in `settingsFromEnvironment`. */
function isLocal(engine: string | undefined, baseUrl: string | undefined): boolean {
  return engine === undefined ? baseUrl === undefined : engine === 'local';
}

function isLlmLocal(environment: Environment, ollamaAnswers: boolean): boolean {
  if (!isLocal(environment.LLM_ENGINE, environment.LLM_BASE_URL)) return false;
  return environment.LLM_ENGINE === 'local' || !ollamaAnswers;
}
