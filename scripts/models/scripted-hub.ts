/** A server with the hub's paths and headers, for tests. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { HubFile } from './catalogue-model.ts';

export type ScriptedFile = {
  readonly content: Buffer;
  /** What the hub says of it; by default the truth. */
  readonly etag?: string | undefined;
  /** Bytes after which the connection breaks, for the first request of the content. */
  readonly breakAfterBytes?: number;
  /** Content that is sent instead, so many times. */
  readonly damagedTimes?: number;
};

export type ScriptedHub = {
  readonly baseUrl: string;
  /** `METHOD path range` of each request, in order. */
  readonly requests: string[];
  close(): Promise<void>;
};

export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

export function hubFile(name: string, content: Buffer, pin: string | undefined = sha256(content)): HubFile {
  return { name, repository: 'them/model', revision: 'main', path: name, sha256: pin, bytes: content.length };
}

/** Serves files by their path; other paths are 404. */
export async function openScriptedHub(files: Readonly<Record<string, ScriptedFile>>): Promise<ScriptedHub> {
  const requests: string[] = [];
  const served = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = request.url?.split('/').at(-1) ?? '';
    requests.push([request.method, path, request.headers.range].filter(Boolean).join(' '));
    const file = files[path];
    if (file === undefined) return void response.writeHead(404).end();
    const headers = { 'x-repo-commit': 'abc', 'x-linked-etag': `"${file.etag ?? sha256(file.content)}"` };
    if (request.method === 'HEAD') return void response.writeHead(200, headers).end();
    const time = (served.get(path) ?? 0) + 1;
    served.set(path, time);
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (from >= file.content.length) return void response.writeHead(416, headers).end();
    const whole = time <= (file.damagedTimes ?? 0) ? Buffer.alloc(file.content.length, 'x') : file.content;
    const body = whole.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, { ...headers, 'content-length': body.length });
    if (time === 1 && file.breakAfterBytes !== undefined) {
      response.write(body.subarray(0, file.breakAfterBytes), () => response.destroy());
    } else {
      response.end(body);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the scripted hub has no port');
  return {
    baseUrl: `http://127.0.0.1:${address.port}`,
    requests,
    close: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections();
        server.close((error) => (error === undefined ? resolve() : reject(error)));
      }),
  };
}
