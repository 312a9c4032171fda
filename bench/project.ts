import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Contender } from './contenders.ts';

const repository = join(__dirname, '..');
/** Beside the repository's own packages, so that Jest and the environment are found. */
const base = join(repository, '.bench');
const runLimitMs = 120_000;
const pollMs = 1;
const outputKept = 100_000;

export interface ProjectOptions {
  /** Test files by name; bodies see `test`, `expect`, `afterEach`, `stamp(name)` and `PORT`. */
  readonly tests: Readonly<Record<string, string>>;
  /** How the worker behaves, see `worker.mjs`. */
  readonly role?: string;
  readonly workers?: number;
  readonly args?: readonly string[];
}

/** One project of a contender, to be run once. */
export interface Project {
  readonly folder: string;
  readonly id: string;
  start(): StartedRun;
  /** The moment a stamp was set, in milliseconds since 1970. @throws Error when it was not */
  stampedAt(name: string): number;
  hasStamp(name: string): boolean;
  untilStamped(name: string): Promise<void>;
  read(name: string): string;
  /** The pids of the worker's processes. */
  living(): readonly number[];
}

interface StartedRun {
  readonly child: ChildProcess;
  /** The end of what it printed. */
  output(): string;
  outputBytes(): number;
  /** Milliseconds since 1970 of its end, and its exit code. */
  readonly ended: Promise<{ readonly atMs: number; readonly code: number | null }>;
}

let count = 0;

/** Whatever of the project is alive afterwards is ended by pid. */
export async function withProject<T>(
  contender: Contender,
  options: ProjectOptions,
  work: (project: Project) => Promise<T>,
): Promise<T> {
  mkdirSync(join(base, 'node_modules'), { recursive: true });
  linkOnce(repository, join(base, 'node_modules/jest-environment-live-worker'));
  const folder = mkdtempSync(join(base, 'p'));
  count += 1;
  const id = `bench-${process.pid}-${count}`;
  const stamps = join(folder, 'stamps');
  mkdirSync(stamps);
  const ports = await freePorts(options.workers ?? 1);
  const setting = { worker: `${process.execPath} ${join(__dirname, 'worker.mjs')}`, ports, queue: id };
  const files = { ...contender.files(setting), ...options.tests };
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(folder, name), name.endsWith('.test.js') ? preamble(contender) + text : text);
  const env = {
    ...process.env,
    BENCH_ID: id,
    BENCH_STAMPS: stamps,
    BENCH_PORT: String(ports[0]),
    BENCH_ROLE: options.role ?? '',
    FORCE_COLOR: '0',
    // Nothing is kept after a run where it is set.
    CI: '',
  };
  const project: Project = {
    folder,
    id,
    start() {
      const [file = '', ...args] = [...contender.command(setting), ...(options.args ?? [])];
      return startRun(spawn(file, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] }));
    },
    stampedAt: name => Number(readFileSync(join(stamps, name), 'utf8')),
    hasStamp: name => readdirSync(stamps).includes(name),
    read: name => readFileSync(join(stamps, name), 'utf8'),
    async untilStamped(name) {
      for (const deadline = performance.now() + runLimitMs; !this.hasStamp(name); await sleep(pollMs))
        if (performance.now() > deadline) throw new Error(`${contender.name}: "${name}" never happened`);
    },
    living: () => workerProcesses(id),
  };
  try {
    return await work(project);
  } finally {
    for (const pid of workerProcesses(id)) end(pid);
    await remove(folder);
  }
}

/** A watchdog may still write down what it did. */
async function remove(folder: string, triesLeft = 50): Promise<void> {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    if (triesLeft === 0) throw error;
    await sleep(20);
    await remove(folder, triesLeft - 1);
  }
}

function preamble({ runner }: Contender): string {
  const from = runner === 'playwright' ? join(__dirname, 'node_modules/@playwright/test') : undefined;
  return `${
    from === undefined ? '' : `const { test, expect } = require('${from}'); const { afterEach } = test;\n`
  }const stamp = name => require('node:fs').writeFileSync(process.env.BENCH_STAMPS + '/' + name, String(performance.timeOrigin + performance.now()));
const PORT = process.env.BENCH_PORT;
const ask = path => fetch('http://127.0.0.1:' + PORT + path).then(response => response.text());
`;
}

function startRun(child: ChildProcess): StartedRun {
  let output = '';
  let bytes = 0;
  const keep = (data: Buffer) => {
    bytes += data.length;
    output = (output + data).slice(-outputKept);
  };
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', keep);
  const limit = setTimeout(() => child.kill('SIGKILL'), runLimitMs);
  const ended = once(child, 'exit').then(([code]) => {
    clearTimeout(limit);
    return { atMs: performance.timeOrigin + performance.now(), code: code as number | null };
  });
  return { child, ended, output: () => output, outputBytes: () => bytes };
}

/** Told by the mark in their environment, from the runner by what they run. */
function workerProcesses(id: string): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter(pid => {
      if (!(pid > 0)) return false;
      const command = readProc(pid, 'cmdline').split('\0');
      const isWorker = command.some(word => /^bench-daemon$|bench\/worker\.mjs$/.test(word));
      return isWorker && readProc(pid, 'environ').includes(`BENCH_ID=${id}\0`);
    });
}

function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

async function freePorts(wanted: number): Promise<readonly number[]> {
  const servers = Array.from({ length: wanted }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map(server => once(server, 'listening')));
  const ports = servers.map(server => (server.address() as AddressInfo).port);
  await Promise.all(servers.map(server => once(server.close(), 'close')));
  return ports;
}

function linkOnce(target: string, path: string): void {
  try {
    symlinkSync(target, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
