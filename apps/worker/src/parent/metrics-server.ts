/** The worker's own HTTP face: `/metrics` of the parent and its jobs, `/livez`, and the door for jobs' reports. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { JobMetrics, MetricsSnapshot } from '@sophy/telemetry/job-metrics';
import type { Logger } from '@sophy/telemetry/logger';
import { z } from 'zod';

const reportSchema = z.object({
  jobId: z.string().min(1),
  pid: z.number().int().positive(),
  isLast: z.boolean(),
  metrics: z.array(
    z.custom<MetricsSnapshot[number]>(
      (value) => typeof value === 'object' && value !== null && 'values' in value,
    ),
  ),
});

const warmSchema = z.object({ pid: z.number().int().positive() });

export type MetricsServer = { readonly port: number; readonly reportUrl: string; close(): Promise<void> };

/** Listens on loopback for reports and scrapes. Port 0 takes a free one. */
export async function startMetricsServer(options: {
  host: string;
  port: number;
  metrics: JobMetrics;
  /** A job has told its process id. */
  onJob: (jobId: string, pid: number) => void;
  /** A job process is ready and waits for a call. */
  onWarm: (pid: number) => void;
  logger: Logger;
}): Promise<MetricsServer> {
  const { metrics, onJob, onWarm, logger } = options;
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      logger.warn({ error }, 'metrics request failed');
      response.writeHead(400).end();
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET' && request.url === '/metrics') {
      response
        .writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
        .end(await metrics.text());
    } else if (request.method === 'GET' && request.url === '/livez') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}');
    } else if (request.method === 'POST' && request.url === '/warm') {
      onWarm(warmSchema.parse(await json(request)).pid);
      response.writeHead(204).end();
    } else if (request.method === 'POST' && request.url === '/jobs') {
      const report = reportSchema.parse(await json(request));
      onJob(report.jobId, report.pid);
      await metrics.accept(report.jobId, report.metrics, report.isLast);
      response.writeHead(204).end();
    } else {
      response.writeHead(404).end();
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = addressOf(server.address());
  return {
    port,
    reportUrl: `http://127.0.0.1:${port}/jobs`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

function addressOf(address: string | AddressInfo | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('The metrics server has no port.');
  return address;
}
