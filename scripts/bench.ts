/**
 * `npm run bench`: measures the product. Everything after `--` goes to `bench/main.ts`.
 *
 *   npm run bench -- --turns 30
 */
import { runMeasurement } from './measure/run-measurement.ts';

await runMeasurement('bench/main.ts', { type: 'product' });
