/**
 * `npm run bench:echo`: measures whether the own voice is known by its sound. Everything after `--` goes to
 * `bench/echo-likeness.ts`. The first run speaks all sentences with the local voices, some two minutes.
 *
 *   npm run bench:echo -- --seed 2
 */
import { runMeasurement } from './measure/run-measurement.ts';

await runMeasurement('bench/echo-likeness.ts', { type: 'models', stages: ['tts'] });
