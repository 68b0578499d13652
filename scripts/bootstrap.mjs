#!/usr/bin/env node
/**
 * First step of every npm script: makes sure of Node 24, pnpm and the dependencies, then runs `scripts/<command>.ts`.
 * Plain JavaScript that needs nothing installed and runs on Node 20 or newer.
 *
 *   node scripts/bootstrap.mjs start
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';

const nodeMajor = 24;
const nodeVersion = '24.21.0';
const pnpmVersion = '12.21.0';
const commands = [
  'start',
  'test',
  'check',
  'scenarios',
  'bench',
  'bench-addressing',
  'bench-echo',
  'bench-end-of-turn',
  'bench-italian-call',
  'chaos',
  'engine-matrix',
  'doctor',
];
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** A failure that the person can act on: its message is printed alone, without a stack. */
class Trouble extends Error {}

async function main() {
  const [command, ...rest] = process.argv.slice(2);
  if (!commands.includes(command)) {
    throw new Trouble(`Say what to run: node scripts/bootstrap.mjs ${commands.join('|')}`);
  }
  if (process.platform === 'win32') {
    throw new Trouble('This runs on Linux and macOS. On Windows, run it inside WSL: https://aka.ms/wsl');
  }
  const toolsDirectory = join(dataDirectory(), 'tools');
  const node = findNode(toolsDirectory) ?? (await installNode(toolsDirectory));
  const environment = {
    ...process.env,
    PATH: [dirname(node), process.env.PATH].filter(Boolean).join(delimiter),
    // Node's own fetch honours HTTPS_PROXY only when asked to.
    NODE_USE_ENV_PROXY: process.env.NODE_USE_ENV_PROXY ?? '1',
  };
  await installDependencies(node, toolsDirectory, environment);
  await handOver(node, [join(root, 'scripts', `${command}.ts`), ...rest], environment);
}

/** `SOPHY_DATA_DIR` from the environment, else from `.env`, else `.sophy`. */
function dataDirectory() {
  const file = join(root, '.env');
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  return resolve(root, process.env.SOPHY_DATA_DIR || fromFile.SOPHY_DATA_DIR || '.sophy');
}

function findNode(toolsDirectory) {
  if (Number(process.versions.node.split('.')[0]) >= nodeMajor) return process.execPath;
  const onPath = (process.env.PATH ?? '').split(delimiter).map((directory) => join(directory, 'node'));
  return [...onPath, installedNode(toolsDirectory)].find(isNewEnough);
}

function isNewEnough(file) {
  try {
    accessSync(file, constants.X_OK);
  } catch {
    return false;
  }
  const found = spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout?.match(/^v(\d+)\./);
  return found != null && Number(found[1]) >= nodeMajor;
}

function nodePackage() {
  return `node-${process.platform}-${process.arch}`;
}

function installedNode(toolsDirectory) {
  return join(toolsDirectory, `node-${nodeVersion}`, 'node_modules', nodePackage(), 'bin', 'node');
}

async function installNode(toolsDirectory) {
  const directory = join(toolsDirectory, `node-${nodeVersion}`);
  await step(`Getting Node ${nodeVersion} (this one is ${process.versions.node})`, () =>
    npmInstall(directory, `${nodePackage()}@${nodeVersion}`, `Node ${nodeMajor}`),
  );
  return installedNode(toolsDirectory);
}

/** The pnpm package starts its platform's program from this file, also where install scripts are not run. */
function installedPnpm(toolsDirectory) {
  return join(toolsDirectory, `pnpm-${pnpmVersion}`, 'node_modules', 'pnpm', 'bin', 'pnpm.mjs');
}

/** Runs `pnpm install` when the lockfile or a manifest changed since the last time it succeeded. */
async function installDependencies(node, toolsDirectory, environment) {
  const stampFile = join(root, 'node_modules', '.sophy-install');
  const stamp = dependencyStamp();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  const pnpm = installedPnpm(toolsDirectory);
  if (!existsSync(pnpm)) {
    await step(`Getting pnpm ${pnpmVersion}`, () =>
      npmInstall(join(toolsDirectory, `pnpm-${pnpmVersion}`), `pnpm@${pnpmVersion}`, 'pnpm'),
    );
  }
  await step('Installing dependencies', async () => {
    const args = [pnpm, 'install', '--frozen-lockfile', '--reporter=append-only'];
    const { code, output } = await run(node, args, { ...environment, CI: 'true' });
    if (code !== 0) throw new Trouble(installFailure('the dependencies', output));
  });
  writeFileSync(stampFile, stamp);
}

function dependencyStamp() {
  const hash = createHash('sha256');
  const folders = ['apps', 'packages'].flatMap((parent) =>
    existsSync(join(root, parent)) ? readdirSync(join(root, parent)).map((name) => join(parent, name)) : [],
  );
  const manifests = ['.', 'e2e', 'scripts', ...folders.sort()].map((folder) => join(folder, 'package.json'));
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests]) {
    const path = join(root, file);
    if (existsSync(path)) hash.update(file).update('\0').update(readFileSync(path)).update('\0');
  }
  return hash.update(`${process.platform}-${process.arch}`).digest('hex');
}

/** Installs one npm package into an own directory, whole or not at all: a broken download leaves nothing behind. */
async function npmInstall(directory, spec, what) {
  const unfinished = `${directory}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  writeFileSync(join(unfinished, 'package.json'), '{"private":true}\n');
  // npm's own patience is over a minute: too long for somebody who merely has no network.
  const patience = ['--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=3000'];
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts'];
  const args = ['install', ...quiet, ...patience, '--prefix', unfinished, spec];
  const npmScript = process.env.npm_execpath;
  const isNpm = npmScript?.endsWith('npm-cli.js') && existsSync(npmScript);
  const { code, output } = isNpm
    ? await run(process.execPath, [npmScript, ...args], process.env)
    : await run('npm', args, process.env);
  if (code !== 0) throw new Trouble(installFailure(what, output));
  rmSync(directory, { recursive: true, force: true });
  renameSync(unfinished, directory);
}

function installFailure(what, output) {
  const unreachable =
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|error sending request|dns error|network/i;
  if (unreachable.test(output)) {
    return `No network: ${what} could not be fetched from the npm registry. Connect this machine (or set HTTPS_PROXY, or "registry" in ~/.npmrc) and run the same command again; what is already here is kept.`;
  }
  if (/ENOSPC/.test(output))
    return `The disk is full: ${what} need about 2 GB. Free some space and run again.`;
  return `Could not install ${what}:\n${output.trim().split('\n').slice(-15).join('\n')}`;
}

/** Runs a program in the repository and collects what it says. A program that is not there counts as code 127. */
function run(program, args, environment) {
  return new Promise((done) => {
    const child = spawn(program, args, { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('error', (error) => done({ code: 127, output: `${program}: ${error.message}` }));
    child.on('close', (code) => done({ code: code ?? 1, output }));
  });
}

/** Says what takes longer than a second, and how long it took. */
async function step(label, work) {
  const startedAt = Date.now();
  let isShown = false;
  const timer = setTimeout(() => {
    isShown = true;
    process.stdout.write(`${label} …\n`);
  }, 1000);
  try {
    await work();
  } finally {
    clearTimeout(timer);
  }
  if (isShown) process.stdout.write(`${label}: done in ${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
}

/**
 * Runs the command and ends as it ends. It gets a process group of its own, so that Ctrl-C in a terminal reaches
 * it once, through here, and not its children behind its back; it sees this process die as a closed IPC channel.
 */
function handOver(node, args, environment) {
  return new Promise(() => {
    const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...args], {
      cwd: root,
      env: environment,
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      detached: true,
    });
    // npm passes a terminal's signal on to this process, which already got it: two within a second are one.
    let lastSignalAt = 0;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => {
        const now = Date.now();
        if (now - lastSignalAt >= 1000) child.kill(signal);
        lastSignalAt = now;
      });
    }
    // npm hands SIGTERM to the shell between us, which dies of it and tells nobody.
    if (process.env.npm_lifecycle_event !== undefined) {
      const parent = process.ppid;
      const watch = setInterval(() => {
        if (process.ppid === parent) return;
        clearInterval(watch);
        child.kill('SIGTERM');
      }, 500);
    }
    child.on('error', (error) => fail(new Trouble(`Could not run ${node}: ${error.message}`)));
    child.on('exit', (code, signal) =>
      process.exit(code ?? 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGKILL' ? 9 : 15)),
    );
  });
}

function fail(error) {
  process.stderr.write(`${error instanceof Trouble ? error.message : error.stack}\n`);
  process.exit(1);
}

main().catch(fail);
