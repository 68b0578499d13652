/** Looks at the product's own parts: what is built and fetched, and what answers. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '@sophy/contracts/environment';
import { statusResponseSchema } from '@sophy/contracts/http-status';
import { modelManifestFileName, modelManifestSchema } from '@sophy/contracts/model-manifest';
import { openDatabase } from '@sophy/db/database';
import { localHost } from '../start/addresses.ts';
import { ollamaAnswers } from '../start/ollama.ts';
import { messageOf } from '../start/trouble.ts';
import { isWebClientBuilt } from '../start/web-client.ts';
import type { Finding } from './finding.ts';

const timeoutMs = 4_000;

export function examineWebClient(root: string): Finding {
  const part = 'web client';
  return isWebClientBuilt(root)
    ? { part, state: 'fine', message: 'built from the sources as they are' }
    : { part, state: 'note', message: 'not built, or older than its sources', fix: 'npm start builds it.' };
}

/** What `manifest.json` says; the files behind it are checked when the engines load them. */
export async function examineModels(dataDirectory: string): Promise<Finding> {
  const part = 'local models';
  const file = join(dataDirectory, 'models', modelManifestFileName);
  try {
    const manifest = modelManifestSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    const bytes = manifest.models
      .flatMap((model) => model.files)
      .reduce((sum, stored) => sum + stored.bytes, 0);
    const titles = manifest.models.map((model) => model.title).join(', ');
    const message = `${titles} (${Math.round(bytes / 1e6)} MB)`;
    const missing = manifest.missing.map(({ id, reason }) => `no ${id}: ${reason}`).join(' ');
    return missing === ''
      ? { part, state: 'fine', message }
      : { part, state: 'note', message, fix: `${missing} MODEL_SOURCE=hub npm start asks the hub again.` };
  } catch {
    return { part, state: 'note', message: 'not fetched yet', fix: 'npm start fetches them once.' };
  }
}

export async function examineDatabase(environment: Environment): Promise<Finding> {
  const part = 'database';
  const url = environment.DATABASE_URL;
  if (url === undefined) return { part, state: 'fine', message: 'its own (DATABASE_URL is not set)' };
  const database = openDatabase({ url, maxConnections: 1 });
  try {
    await withTimeout(database.pool.query('SELECT 1'));
    return { part, state: 'fine', message: 'DATABASE_URL answers' };
  } catch (error) {
    return {
      part,
      state: 'broken',
      message: `DATABASE_URL: ${messageOf(error)}`,
      fix: 'Start that Postgres, correct the address, or unset DATABASE_URL to use an own one.',
    };
  } finally {
    await database.close();
  }
}

/** Servers that the environment names in place of our own parts: does anybody answer there? */
export async function examineAddresses(environment: Environment): Promise<readonly Finding[]> {
  const variables = ['LIVEKIT_URL', 'ENGINES_URL', 'STT_BASE_URL', 'LLM_BASE_URL', 'TTS_BASE_URL'] as const;
  return Promise.all(
    variables.flatMap((variable) => {
      const address = environment[variable];
      return address === undefined ? [] : [examineAddress(variable, address)];
    }),
  );
}

async function examineAddress(variable: string, address: string): Promise<Finding> {
  try {
    // Any answer will do, also 404: it is the server that is looked for, not a page.
    const response = await fetch(address.replace(/^ws/, 'http'), { signal: AbortSignal.timeout(timeoutMs) });
    return { part: variable, state: 'fine', message: `${address} answers (${response.status})` };
  } catch {
    return {
      part: variable,
      state: 'broken',
      message: `nobody answers at ${address}`,
      fix: `Start that server, or unset ${variable} to use the part that npm start runs itself.`,
    };
  }
}

export async function examineBrain(environment: Environment): Promise<Finding> {
  const part = 'Ollama';
  const host = environment.OLLAMA_HOST;
  return (await ollamaAnswers(host))
    ? { part, state: 'fine', message: `answers at ${host} and is the brain unless another is chosen` }
    : {
        part,
        state: 'note',
        message: `none with a model at ${host}: a small local model is the brain`,
        fix: 'For better answers install Ollama (https://ollama.com) and pull a model, e.g. ollama pull qwen3:4b',
      };
}

/** What the running product says of itself; nothing when it does not run. */
export async function examineRunning(environment: Environment): Promise<readonly Finding[]> {
  try {
    const address = `http://${localHost(environment.HOST)}:${environment.WEB_PORT}/api/status`;
    const response = await fetch(address, { signal: AbortSignal.timeout(timeoutMs) });
    const status = statusResponseSchema.parse(await response.json());
    const { all_ready: _all, ollama: _ollama, ...parts } = status;
    return Object.entries(parts).map(([name, { available, message }]) => ({
      part: `running: ${name}`,
      state: available ? 'fine' : optionalParts.has(name) ? 'note' : 'broken',
      message,
      ...(available || optionalParts.has(name)
        ? {}
        : { fix: 'The log is in the logs folder of the data directory.' }),
    }));
  } catch {
    return [
      { part: 'running', state: 'note', message: 'Sophy does not answer now', fix: 'npm start starts it.' },
    ];
  }
}

const optionalParts: ReadonlySet<string> = new Set(['sip', 'redis']);

async function withTimeout<T>(work: Promise<T>): Promise<T> {
  const expired = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => expired.reject(new Error(`no answer within ${timeoutMs / 1000} s`)),
    timeoutMs,
  );
  try {
    return await Promise.race([work, expired.promise]);
  } finally {
    clearTimeout(timer);
  }
}
