/** No engine is put into use that is not set up or does not answer. */
import { type EngineStage, engineStages } from '@sophy/contracts/engine-usage';
import { engineCheckFailed } from '@sophy/contracts/http-settings';
import type { Settings } from '@sophy/contracts/settings';
import type { EngineContext, EngineEntry } from '@sophy/providers/engine-entry';
import { chosenEngines, engineFingerprint, settingsOfEngine } from '@sophy/providers/engine-settings';
import { voiceOfEngine } from '@sophy/providers/voice-of-engine';
import type { AppDependencies } from '../app-dependencies.ts';
import { engineKeys, requireEntry } from '../engines/engine-entries.ts';
import { probeEngine } from '../engines/probe-engine.ts';
import { HttpProblem } from '../http/http-problem.ts';

const probeLimitMs = 6_000;

type Change = {
  readonly before: Settings;
  readonly after: Settings;
  /** False: only what is missing counts; nothing is asked of an engine. */
  readonly check: boolean;
};

/**
 * Throws 422 that names the setting. An engine that was not set up before and still is not may be set up piece by
 * piece: it was as little use before.
 */
export async function requireWorkingEngines(
  { configuration, engines }: Pick<AppDependencies, 'configuration' | 'engines'>,
  { before, after, check }: Change,
): Promise<void> {
  const contextOf = (settings: Settings): EngineContext => ({
    settings,
    endpoints: configuration.endpoints,
  });
  const entries = engineStages.map((stage) => requireEntry(stage, chosenEngines(after, stage).chosen));
  const missing = entries.flatMap((entry) => {
    const advice = entry.missing(contextOf(after));
    const wasMissing = isChosen(before, entry) && entry.missing(contextOf(before)) !== undefined;
    return advice === undefined || wasMissing ? [] : [missingProblem(entry, advice)];
  });
  if (missing.length > 0) throw new HttpProblem(422, missing.join('; '));
  if (!check) return;
  const trials = entries
    .filter((entry) => entry.missing(contextOf(after)) === undefined)
    .flatMap((entry) => settingsToTry(entry, before, after).map((settings) => ({ entry, settings })));
  const failures = await Promise.all(
    trials.map(async ({ entry, settings }) => {
      const trial = await probeEngine(engines, entry.stage, settings, probeLimitMs);
      return trial.ok ? [] : [`${engineKeys[entry.stage]}: ${entry.name} ${sentence(trial.reason)}`];
    }),
  );
  const problems = [...new Set(failures.flat())];
  if (problems.length === 0) return;
  throw new HttpProblem(422, `${problems.join('; ')} Nothing was changed.`, { code: engineCheckFailed });
}

function isChosen(settings: Settings, { stage, id }: EngineEntry): boolean {
  return chosenEngines(settings, stage).chosen === id;
}

/** Names the setting that the engine's own advice names, else the choice of the engine. */
function missingProblem({ stage, id }: EngineEntry, advice: string): string {
  const key = settingsOfEngine(stage, id).find((candidate) => advice.includes(candidate));
  if (key === undefined) return `${engineKeys[stage]}: ${advice}`;
  return `${key}: is required when ${engineKeys[stage]} is ${id}`;
}

/** The settings as they would become, once for each thing that has to be tried; none where the engine stays the same. */
function settingsToTry(entry: EngineEntry, before: Settings, after: Settings): readonly Settings[] {
  if (!isChosen(before, entry) || differs(entry.stage, entry.id, before, after)) return [after];
  if (entry.stage !== 'tts') return [];
  const spoken = after.tts_language === 'auto' ? (['en', 'it'] as const) : [after.tts_language];
  const changed = new Map(
    spoken
      .filter((language) => voiceOfEngine(before, entry, language) !== voiceOfEngine(after, entry, language))
      .map((language) => [voiceOfEngine(after, entry, language), language]),
  );
  return [...changed.values()].map((language) => ({ ...after, tts_language: language }));
}

/** A pause is told to some engines, but makes them no others. */
function differs(stage: EngineStage, engine: string, before: Settings, after: Settings): boolean {
  const pause = { endpointing_min_ms: before.endpointing_min_ms };
  return (
    engineFingerprint(before, stage, engine) !== engineFingerprint({ ...after, ...pause }, stage, engine)
  );
}

function sentence(reason: string): string {
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}
