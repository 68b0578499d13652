/** One line of progress for people. */
import type { FetchProgress } from './fetch-models.ts';

const barWidth = 24;

/** E.g. `Whisper base, multilingual · downloading ████░░░░ 48 of 133 MB`. */
export function progressLine(progress: FetchProgress): string {
  const start = `${progress.model} · ${progress.phase}`;
  const { receivedBytes, totalBytes } = progress;
  if (progress.phase !== 'downloading') return start;
  if (totalBytes === undefined || totalBytes === 0) return `${start} ${megabytes(receivedBytes)} MB`;
  const filled = Math.round(Math.min(1, receivedBytes / totalBytes) * barWidth);
  const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
  return `${start} ${bar} ${megabytes(receivedBytes)} of ${megabytes(totalBytes)} MB`;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1_000_000);
}
