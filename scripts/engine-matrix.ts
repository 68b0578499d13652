/**
 * `npm run engines:matrix`: every engine with every fault in a live call. Everything after `--` goes to
 * `chaos/engine-matrix/main.ts`.
 *
 *   npm run engines:matrix -- --only tts:cartesia
 */
import { runMeasurement } from './measure/run-measurement.ts';

await runMeasurement('chaos/engine-matrix/main.ts', { type: 'product' });
