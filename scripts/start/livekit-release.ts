/** livekit-server from the official release archive, checked against the checksums published with it. */
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type LivekitWay, livekitVersion } from './find-livekit-server.ts';
import type { ReportDetail } from './progress.ts';
import { runProgram } from './run-program.ts';

const defaultBase = 'https://github.com/livekit/livekit/releases/download';
/** The first answer; the archive itself may take as long as it takes while bytes arrive. */
const answerTimeoutMs = 15_000;
const stallTimeoutMs = 30_000;

/** `base` is the address of the releases, given by tests. */
export function livekitRelease(
  platform: string = process.platform,
  architecture: string = process.arch,
  base: string = defaultBase,
): LivekitWay {
  return {
    name: 'release archive',
    async make(target, report) {
      const archiveName = releaseArchive(platform, architecture);
      const release = `${base}/v${livekitVersion}`;
      const sums = await download(`${release}/checksums.txt`, () => undefined);
      const expected = publishedChecksum(sums.toString('utf8'), archiveName);
      const archive = await download(`${release}/${archiveName}`, report);
      const found = createHash('sha256').update(archive).digest('hex');
      if (found !== expected) {
        throw new Error(
          `${archiveName} has checksum ${found}, but ${expected} is published; it was thrown away`,
        );
      }
      await unpack(archive, target);
    },
  };
}

/** Name of the archive for a machine. Releases hold Linux programs only. */
export function releaseArchive(platform: string, architecture: string): string {
  const name = { x64: 'amd64', arm64: 'arm64', arm: 'armv7' }[architecture];
  if (platform !== 'linux' || name === undefined) {
    throw new Error(`releases hold no program for ${platform} ${architecture}`);
  }
  return `livekit_${livekitVersion}_linux_${name}.tar.gz`;
}

/** Finds the sha256 of a file in lines of `<hex>  <name>`. */
export function publishedChecksum(sums: string, fileName: string): string {
  const line = sums.split('\n').find((text) => text.trim().endsWith(` ${fileName}`));
  const checksum = line?.match(/^[0-9a-f]{64}/)?.[0];
  if (checksum === undefined) throw new Error(`checksums.txt names no sha256 of ${fileName}`);
  return checksum;
}

async function download(url: string, report: ReportDetail): Promise<Buffer> {
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(), answerTimeoutMs);
  try {
    const response = await fetch(url, { signal: abort.signal });
    if (!response.ok || response.body === null) throw new Error(`${url} answers ${response.status}`);
    const totalBytes = Number(response.headers.get('content-length') ?? 0);
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body) {
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(), stallTimeoutMs);
      chunks.push(chunk);
      bytes += chunk.length;
      report(`${megabytes(bytes)}${totalBytes > 0 ? ` of ${megabytes(totalBytes)}` : ''} MB`);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    if (abort.signal.aborted) throw new Error(`no answer from ${new URL(url).host}`, { cause: error });
    if (error instanceof TypeError)
      throw new Error(`${new URL(url).host} cannot be reached`, { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function unpack(archive: Buffer, target: string): Promise<void> {
  const directory = `${dirname(target)}.unfinished`;
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  try {
    const file = join(directory, 'archive.tar.gz');
    writeFileSync(file, archive);
    const { code, output } = await runProgram('tar', ['-xzf', file, '-C', directory, 'livekit-server']);
    if (code !== 0) throw new Error(`the archive could not be unpacked with tar: ${output.trim()}`);
    mkdirSync(dirname(target), { recursive: true });
    chmodSync(join(directory, 'livekit-server'), 0o755);
    renameSync(join(directory, 'livekit-server'), target);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(0);
}
