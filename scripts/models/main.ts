/**
 * Fetches the models of the local engines.
 *
 *     node scripts/models/main.ts [--directory .sophy/models] [--source auto|hub|mirror|none] [--languages en,it]
 *     node scripts/models/main.ts --model whisper-small     # one more of the catalogue
 *     node scripts/models/main.ts --list
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type FetchModelsOptions, fetchModel, fetchModels } from './fetch-models.ts';
import { modelCatalogue } from './model-catalogue.ts';
import { ModelFetchError } from './model-fetch-error.ts';
import { progressLine } from './progress-line.ts';

const argumentsSchema = z.object({
  directory: z.string().min(1),
  source: z.enum(['auto', 'hub', 'mirror', 'none']),
  languages: z.string().transform((value) => value.split(',').map((code) => code.trim())),
  model: z.string().optional(),
  list: z.boolean(),
});

const repositoryRoot = resolve(import.meta.dirname, '..', '..');
const { values } = parseArgs({
  options: {
    directory: { type: 'string', default: resolve(repositoryRoot, '.sophy', 'models') },
    source: { type: 'string', default: 'auto' },
    languages: { type: 'string', default: 'en,it' },
    model: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});
const parsed = argumentsSchema.safeParse(values);
if (!parsed.success) {
  for (const issue of parsed.error.issues) console.error(`--${issue.path.join('.')}: ${issue.message}`);
  process.exit(78);
}

if (parsed.data.list) {
  for (const { id, title, license, recipes } of modelCatalogue) {
    const bytes = recipes[0]?.pieces.reduce((sum, piece) => sum + piece.bytes, 0) ?? 0;
    const sources = recipes.map(({ source }) => source).join(', ');
    console.log(`${id}: ${title}, ${Math.ceil(bytes / 1e6)} MB, ${sources}, ${license}`);
  }
  process.exit(0);
}
const { model: wantedId, list: _list, ...fetching } = parsed.data;
const wanted = modelCatalogue.find(({ id }) => id === wantedId);
if (wantedId !== undefined && wanted === undefined) {
  console.error(`--model: the catalogue has no ${wantedId}; --list shows what it has`);
  process.exit(78);
}

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
const isTerminal = process.stdout.isTTY;
let shown = '';
try {
  const options: FetchModelsOptions = {
    ...fetching,
    directory: resolve(fetching.directory),
    signal: stop.signal,
    onProgress: (progress) => {
      const line = progressLine(progress);
      // A log file gets one line a phase, a terminal one line that moves.
      const key = isTerminal ? line : `${progress.model} · ${progress.phase}`;
      if (key === shown) return;
      shown = key;
      if (isTerminal) process.stdout.write(`\r\u001b[2K${line}${progress.phase === 'ready' ? '\n' : ''}`);
      else console.log(key);
    },
  };
  const manifest = await (wanted === undefined ? fetchModels(options) : fetchModel(wanted, options));
  for (const model of manifest.models) console.log(`${model.title}: in place, from ${model.source}`);
  for (const missing of manifest.missing) console.log(`No ${missing.id}: ${missing.reason}`);
} catch (error) {
  if (stop.signal.aborted) process.exit(130);
  if (!(error instanceof ModelFetchError)) throw error;
  console.error(error.message);
  process.exit(1);
}
