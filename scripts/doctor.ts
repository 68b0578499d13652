/**
 * `npm run doctor`: looks at every part, and says of each what is wrong and what to do.
 *
 *   npm run doctor
 */
import { resolve } from 'node:path';
import {
  examineBrowser,
  examineDataDirectory,
  examineLivekit,
  examineNode,
  examineWebPort,
} from './doctor/examine-machine.ts';
import {
  examineAddresses,
  examineBrain,
  examineDatabase,
  examineModels,
  examineRunning,
  examineWebClient,
} from './doctor/examine-product.ts';
import { closingWords, describeFindings } from './doctor/finding.ts';
import { describeProblems, readStartEnvironment } from './start/read-environment.ts';

const configurationExitCode = 78;
const root = resolve(import.meta.dirname, '..');
const found = readStartEnvironment(root, process.env);
if (!found.ok) {
  process.stderr.write(`${describeProblems(found.problems)}\n`);
  process.exit(configurationExitCode);
}
const { environment, raw } = found;
const dataDirectory = resolve(root, environment.SOPHY_DATA_DIR);
const findings = [
  examineNode(),
  examineDataDirectory(dataDirectory),
  await examineWebPort(environment, dataDirectory),
  examineLivekit(environment, raw, dataDirectory),
  await examineDatabase(environment),
  await examineModels(dataDirectory),
  await examineBrain(environment),
  examineWebClient(root),
  examineBrowser(raw),
  ...(await examineAddresses(environment)),
  ...(await examineRunning(environment)),
];
process.stdout.write(`${describeFindings(findings)}\n${closingWords(findings)}\n`);
process.exit(findings.some((finding) => finding.state === 'broken') ? 1 : 0);
