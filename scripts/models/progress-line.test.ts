import { expect, it } from 'vitest';
import { progressLine } from './progress-line.ts';

it.each([
  [
    { phase: 'downloading', receivedBytes: 50e6, totalBytes: 100e6 },
    'W · downloading ████████████░░░░░░░░░░░░ 50 of 100 MB',
  ],
  [
    { phase: 'downloading', receivedBytes: 120e6, totalBytes: 100e6 },
    'W · downloading ████████████████████████ 120 of 100 MB',
  ],
  [{ phase: 'downloading', receivedBytes: 7e6, totalBytes: undefined }, 'W · downloading 7 MB'],
  [{ phase: 'assembling', receivedBytes: 0, totalBytes: undefined }, 'W · assembling'],
] as const)('shows %j', (progress, line) => {
  expect(progressLine({ model: 'W', ...progress })).toBe(line);
});
