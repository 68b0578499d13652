/**
 * `npm run bench:addressing`: measures the addressing on its labelled utterances. Everything after `--` goes to
 * `bench/addressing.ts`.
 *
 *   npm run bench:addressing -- --failures
 */
import { runMeasurement } from './measure/run-measurement.ts';

await runMeasurement('bench/addressing.ts', { type: 'nothing' });
