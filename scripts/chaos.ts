/**
 * `npm run chaos`: breaks the product and sees it mend itself. Everything after `--` goes to `chaos/main.ts`.
 *
 *   npm run chaos -- --kills 200
 */
import { runMeasurement } from './measure/run-measurement.ts';

await runMeasurement('chaos/main.ts', { type: 'product' });
