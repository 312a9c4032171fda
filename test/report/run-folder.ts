import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunModel } from '../../src/report/model.ts';
import { readRun } from '../../src/report/read/read-run.ts';
import { Secrets } from '../../src/secrets/secrets.ts';

export type Events = readonly (Readonly<Record<string, unknown>> | string)[];

/** The folder of a run in a project of its own. */
export interface RunFolder {
  readonly rootDir: string;
  readonly run: string;
  /** Writes events.ndjson and other files; a text among the events is a line as it stands. */
  write(name: string, events: Events, files?: Readonly<Record<string, string>>): string;
  read(secrets?: Secrets): RunModel;
}

export function withRunFolder(work: (folder: RunFolder) => void): void {
  const rootDir = mkdtempSync(join(tmpdir(), 'report-'));
  const run = join(rootDir, '.live-worker', '1-2-abc');
  mkdirSync(run, { recursive: true });
  try {
    work({
      rootDir,
      run,
      write(name, events, files = {}) {
        const folder = join(run, name);
        mkdirSync(folder, { recursive: true });
        const lines = events.map(event => (typeof event === 'string' ? event : JSON.stringify(event)));
        writeFileSync(join(folder, 'events.ndjson'), `${lines.join('\n')}\n`);
        for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
        return folder;
      },
      read: (secrets = new Secrets()) => readRun(run, { secrets }),
    });
  } finally {
    rmSync(rootDir, { recursive: true });
  }
}

const epochMs = 1_700_000_000_000;

/** Events of one test file with one worker, whose test takes what was sent and never ends. */
export function stuckFile(rootDir: string, { clockMs = 5_000, pid = 7, name = 'a.test.js' } = {}): Events {
  const at = (ms: number) => epochMs + ms;
  const failure = `Error: thrown: "Exceeded timeout of 1000 ms for a test.\nAdd a timeout"\n\nworker "ops": ready, pid 9\n  stderr meanwhile:\n    | took it\nqueue "tasks": 0 messages waiting, 1 consumer\n\n    at Object.<anonymous> (${rootDir}/${name}:12:3)\n    at run (${rootDir}/node_modules/jest/x.js:1:1)`;
  return [
    { atMs: at(0), event: 'session.opened', testPath: `${rootDir}/${name}`, workers: ['ops'], pid, clockMs },
    { atMs: at(10), event: 'queue.baseline', worker: 'ops', queue: 'tasks', strangers: 0, messages: 2 },
    { atMs: at(20), event: 'worker.spawned', worker: 'ops', pid: 9, id: 'ops.7.x' },
    {
      atMs: at(50),
      event: 'probe.answered',
      worker: 'ops',
      probe: 'queue tasks',
      answer: 'pending',
      why: '0 of 1 consumers',
    },
    { atMs: at(90), event: 'probe.answered', worker: 'ops', probe: 'queue tasks', answer: 'ready' },
    { atMs: at(100), event: 'worker.ready', worker: 'ops' },
    { atMs: at(110), event: 'gate.opened' },
    { atMs: at(120), event: 'test.started', test: 'one', number: 1, logs: { ops: [6, 0] } },
    { atMs: at(130), event: 'test.ended', test: 'one', number: 1, outcome: 'passed', logs: { ops: [6, 10] } },
    { atMs: at(140), event: 'test.started', test: 'is stuck', number: 2, logs: { ops: [6, 10] } },
    {
      atMs: at(1140),
      event: 'test.ended',
      test: 'is stuck',
      number: 2,
      outcome: 'failed',
      logs: { ops: [6, 18] },
      failures: [failure],
    },
    { atMs: at(1150), event: 'worker.stopping', worker: 'ops', signal: 'SIGTERM' },
    { atMs: at(1200), event: 'worker.exited', worker: 'ops', code: null, signal: 'SIGTERM', asked: true },
    { atMs: at(1210), event: 'session.closed', problems: 0, failures: [] },
  ];
}

export const stuckLogs = { 'ops.stdout.log': 'hello\n', 'ops.stderr.log': 'test one.\ntook it\nbye\n' };
