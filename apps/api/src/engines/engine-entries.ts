/** Engines by stage and id, as requests name them. */
import { engineStages } from '@sophy/contracts/engine-usage';
import type { ProviderStage } from '@sophy/conversation/provider-error';
import { llmCatalog, sttCatalog, ttsCatalog } from '@sophy/providers/engine-catalog';
import type { EngineEntry } from '@sophy/providers/engine-entry';
import { HttpProblem } from '../http/http-problem.ts';

/** The setting that chooses the engine of a stage. */
export const engineKeys = { stt: 'stt_engine', llm: 'llm_provider', tts: 'tts_engine' } as const;

/** Every engine of a stage. */
export function entriesOf(stage: ProviderStage): readonly EngineEntry[] {
  switch (stage) {
    case 'stt':
      return Object.values(sttCatalog);
    case 'llm':
      return Object.values(llmCatalog);
    case 'tts':
      return Object.values(ttsCatalog);
  }
}

/** Throws 404 that names what there is. */
export function requireEntry(stageName: string, engine: string): EngineEntry {
  const stage = engineStages.find((known) => known === stageName);
  if (stage === undefined)
    throw new HttpProblem(404, `There is no such stage. Stages: ${engineStages.join(', ')}.`);
  const entries = entriesOf(stage);
  const entry = entries.find(({ id }) => id === engine);
  if (entry !== undefined) return entry;
  const ids = entries.map(({ id }) => id).join(', ');
  throw new HttpProblem(404, `There is no such ${stage} engine. Engines: ${ids}.`);
}
