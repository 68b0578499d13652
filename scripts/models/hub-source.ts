/** Downloads files of the public model hub: resumable, and checked against a pin or the checksum the hub publishes. */
import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { HubFile } from './catalogue-model.ts';
import { gitBlobId, sha256OfFile } from './checksum.ts';
import { ModelFetchError } from './model-fetch-error.ts';

export const publicHubUrl = 'https://huggingface.co';
/** An unreachable hub must cost seconds, not minutes. */
const reachTimeoutMs = 3_000;
const metadataTimeoutMs = 15_000;
/** A download that brings nothing for this long is given up; what came is kept for the next attempt. */
const stallTimeoutMs = 30_000;

export type HubSource = { readonly baseUrl: string };
export type ReceivedListener = (receivedBytes: number, totalBytes: number | undefined) => void;

function fileUrl(hub: HubSource, file: HubFile): string {
  return `${hub.baseUrl}/${file.repository}/resolve/${file.revision}/${file.path}`;
}

/** Whether the hub answers at all; a captive portal or a blocking proxy does not send the hub's headers. */
export async function isHubReachable(hub: HubSource, probe: HubFile, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(fileUrl(hub, probe), {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(reachTimeoutMs)]),
    });
    return response.status < 400 && response.headers.has('x-repo-commit');
  } catch (error) {
    if (signal.aborted) throw error;
    return false;
  }
}

type PublishedChecksum = { readonly kind: 'sha256' | 'git-blob'; readonly value: string };

/**
 * Downloads into `directory` under `file.name`. A file that is there already was checked before it got its name.
 * Throws `ModelFetchError`: network, not-published, or checksum-mismatch after a second download.
 */
export async function downloadHubFile(
  hub: HubSource,
  file: HubFile,
  directory: string,
  options: { readonly signal: AbortSignal; readonly onReceived: ReceivedListener },
): Promise<void> {
  const target = join(directory, file.name);
  if (existsSync(target)) return;
  const checksum = await expectedChecksum(hub, file, options.signal);
  const part = `${target}.part`;
  for (const attempt of [1, 2]) {
    await downloadPart(hub, file, part, options);
    const actual = checksum.kind === 'sha256' ? await sha256OfFile(part) : await gitBlobId(part);
    if (actual === checksum.value) {
      await rename(part, target);
      return;
    }
    await rm(part);
    if (attempt === 2) {
      throw new ModelFetchError(
        'checksum-mismatch',
        `${file.path} of ${file.repository} came twice with checksum ${actual} instead of ${checksum.value}; both copies were deleted. Start again later, or use MODEL_SOURCE=mirror.`,
      );
    }
  }
}

async function expectedChecksum(
  hub: HubSource,
  file: HubFile,
  signal: AbortSignal,
): Promise<PublishedChecksum> {
  const published = await publishedChecksum(hub, file, signal);
  if (file.sha256 === undefined) {
    if (published !== undefined) return published;
    throw new ModelFetchError(
      'not-published',
      `The hub publishes no checksum for ${file.path} of ${file.repository}, so it is not downloaded.`,
    );
  }
  if (published?.kind === 'sha256' && published.value !== file.sha256) {
    throw new ModelFetchError(
      'not-published',
      `The hub's ${file.path} of ${file.repository} is another file than the pinned one (${published.value} instead of ${file.sha256}).`,
    );
  }
  return { kind: 'sha256', value: file.sha256 };
}

/** Large files are named by sha256 (`x-linked-etag`), small ones by git's blob id (`etag`). */
async function publishedChecksum(
  hub: HubSource,
  file: HubFile,
  signal: AbortSignal,
): Promise<PublishedChecksum | undefined> {
  const response = await hubRequest(file, () =>
    fetch(fileUrl(hub, file), {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(metadataTimeoutMs)]),
    }),
  );
  if (response.status >= 400) throw unavailable(file, `status ${response.status}`);
  const raw = response.headers.get('x-linked-etag') ?? response.headers.get('etag') ?? '';
  const value = raw.replace(/^W\//, '').replaceAll('"', '');
  if (/^[0-9a-f]{64}$/.test(value)) return { kind: 'sha256', value };
  if (/^[0-9a-f]{40}$/.test(value)) return { kind: 'git-blob', value };
  return undefined;
}

async function downloadPart(
  hub: HubSource,
  file: HubFile,
  part: string,
  options: { readonly signal: AbortSignal; readonly onReceived: ReceivedListener },
): Promise<void> {
  const have = existsSync(part) ? (await stat(part)).size : 0;
  const stalled = new AbortController();
  const signal = AbortSignal.any([options.signal, stalled.signal]);
  const abandon = () => stalled.abort(unavailable(file, `nothing came for ${stallTimeoutMs / 1_000} s`));
  let stallTimer = setTimeout(abandon, stallTimeoutMs);
  try {
    const response = await hubRequest(file, () =>
      fetch(fileUrl(hub, file), { headers: have > 0 ? { range: `bytes=${have}-` } : {}, signal }),
    );
    // 416: the part already holds every byte.
    if (response.status === 416) {
      await response.body?.cancel();
      return;
    }
    if (!response.ok || response.body === null) throw unavailable(file, `status ${response.status}`);
    const isResumed = response.status === 206;
    let received = isResumed ? have : 0;
    const announced = Number(response.headers.get('content-length') ?? Number.NaN);
    const total = Number.isFinite(announced) ? received + announced : undefined;
    const counted = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        clearTimeout(stallTimer);
        stallTimer = setTimeout(abandon, stallTimeoutMs);
        received += chunk.length;
        options.onReceived(received, total);
        yield chunk;
      }
    };
    const body = response.body;
    await hubRequest(file, () =>
      pipeline(body, counted, createWriteStream(part, { flags: isResumed ? 'a' : 'w' }), { signal }),
    );
  } catch (error) {
    // A full disk needs room more than it needs the beginning of a file.
    if (error instanceof ModelFetchError && error.code === 'disk-full') await rm(part, { force: true });
    throw error;
  } finally {
    clearTimeout(stallTimer);
  }
}

async function hubRequest<T>(file: HubFile, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof ModelFetchError) throw error;
    if (error instanceof Error && error.cause instanceof ModelFetchError) throw error.cause;
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
      throw new ModelFetchError(
        'disk-full',
        `The disk filled up while ${file.path} of ${file.repository} was downloaded; what came of it was deleted. Free some space and start again.`,
        { cause: error },
      );
    }
    throw unavailable(file, error instanceof Error ? error.message : String(error), error);
  }
}

function unavailable(file: HubFile, reason: string, cause?: unknown): ModelFetchError {
  return new ModelFetchError(
    'network',
    `${file.path} of ${file.repository} could not be downloaded from the hub (${reason}). Check the network and start again: what came is kept.`,
    { cause },
  );
}
