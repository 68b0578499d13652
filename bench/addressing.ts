/**
 * Measures whether the agent knows when it is spoken to, on the labelled utterances. Needs no server and no model.
 *
 *   npm run bench:addressing                  the table; fails when the held-out set misses the targets
 *   npm run bench:addressing -- --failures    and the utterances of the tuning set that are judged wrongly
 */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { settingsSchema } from '@sophy/contracts/settings';
import { matchAddress } from '@sophy/conversation/addressing';
import {
  addressingTargets,
  meetsAddressingTargets,
  scoreAddressing,
} from '@sophy/conversation/addressing-score';
import { type AddressingExample, parseAddressingSet } from '@sophy/conversation/addressing-set';

const { values } = parseArgs({ options: { failures: { type: 'boolean', default: false } } });
const settings = settingsSchema.parse({});
const names = [settings.agent_name, ...settings.agent_aliases];

async function readSet(name: string): Promise<readonly AddressingExample[]> {
  const file = resolve(import.meta.dirname, '../packages/conversation/addressing-set', `${name}.tsv`);
  return parseAddressingSet(await readFile(file, 'utf8'));
}

function row(set: string, language: string, examples: readonly AddressingExample[]): string {
  const score = scoreAddressing(examples, names);
  const figures = [score.precision, score.recall, score.f1, score.bareWakeAccuracy];
  const cells = [set, language, String(score.examples), ...figures.map((figure) => figure.toFixed(3))];
  return cells.map((cell, column) => (column < 2 ? cell.padEnd(10) : cell.padStart(10))).join('');
}

function rows(set: string, examples: readonly AddressingExample[]): readonly string[] {
  const inLanguage = (language: string) => examples.filter((example) => example.language === language);
  return [row(set, 'it', inLanguage('it')), row(set, 'en', inLanguage('en')), row(set, 'total', examples)];
}

const tuning = await readSet('tuning');
const heldOut = await readSet('held-out');
/** Written after the matcher stood; nothing is tuned on it. */
const fresh = await readSet('fresh');
const header = ['set', 'language', 'n', 'precision', 'recall', 'F1', 'bare-wake'];
console.log(header.map((cell, column) => (column < 2 ? cell.padEnd(10) : cell.padStart(10))).join(''));
for (const line of [...rows('tuning', tuning), ...rows('held-out', heldOut), ...rows('fresh', fresh)])
  console.log(line);
const isMet = meetsAddressingTargets(scoreAddressing(heldOut, names));
const { precision, recall } = addressingTargets;
console.log(
  `Targets on the held-out total: precision >= ${precision}, recall >= ${recall}: ${isMet ? 'met' : 'missed'}`,
);

if (values.failures) {
  for (const { language, label, text } of tuning) {
    const found = matchAddress(text, names).kind;
    if (found !== label) console.log(`${language} ${label}, judged ${found}: ${text}`);
  }
}
process.exitCode = isMet ? 0 : 1;
