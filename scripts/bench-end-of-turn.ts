/**
 * `npm run bench:end-of-turn`: measures how the end of a turn is found. Everything after `--` goes to
 * `bench/end-of-turn.ts`. The first run speaks and hears all turns with the local engines, some six minutes.
 *
 *   npm run bench:end-of-turn -- --seed 2
 */
import { runMeasurement } from './measure/run-measurement.ts';

await runMeasurement('bench/end-of-turn.ts', { type: 'models', stages: ['stt', 'tts'] });
