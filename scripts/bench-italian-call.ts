/**
 * `npm run bench:italian`: a live call in Italian with the local engines, word errors printed. Everything after `--`
 * goes to `bench/italian-call/main.ts`.
 *
 *   npm run bench:italian -- --caller 'pico2wave -l it-IT -w'
 */
import { runMeasurement } from './measure/run-measurement.ts';

await runMeasurement('bench/italian-call/main.ts', { type: 'product' });
