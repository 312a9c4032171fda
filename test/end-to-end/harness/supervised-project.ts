import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ProcessEntry } from '../../../src/process/table/process-entry.ts';
import { readCommandLine, readProcessTable } from '../../../src/process/table/process-table.ts';
import { signalProcess } from '../../../src/process/tree/signal-process.ts';
import { cacheFolderOf, projectsFolder } from './folders.ts';
import type { JestOptions, ProjectFiles } from './project.ts';
import { type StartedJest, startJest } from './start-jest.ts';

/** A miniature project whose Jest has the reporter and no service. */
export interface SupervisedProject {
  readonly folder: string;
  /** Of the sockets. */
  readonly sockets: string;
  start(options?: JestOptions): StartedJest;
  /** The supervisors that live. */
  supervisors(): readonly ProcessEntry[];
}

/** Afterwards no supervisor may be alive, and no name in the folder of sockets. */
export async function withSupervisedProject(
  files: ProjectFiles,
  work: (project: SupervisedProject) => Promise<void>,
): Promise<void> {
  const folder = join(projectsFolder, randomBytes(5).toString('hex'));
  const runtime = mkdtempSync(join(tmpdir(), 'lw-e2e-'));
  chmodSync(runtime, 0o700);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries({ 'package.json': '{}', ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const sockets = join(runtime, 'live-worker');
  const started: StartedJest[] = [];
  const project: SupervisedProject = {
    folder,
    sockets,
    start({ args = [], env = {}, ...rest } = {}) {
      const jest = startJest(folder, args, { env: { XDG_RUNTIME_DIR: runtime, ...env }, ...rest });
      started.push(jest);
      return jest;
    },
    supervisors: () => supervisorsOf(sockets),
  };
  try {
    await work(project);
    expect(supervisorsOf(sockets)).toEqual([]);
    expect(readdirSync(sockets)).toEqual([]);
  } finally {
    for (const { child } of started) child.kill('SIGKILL');
    for (const supervisor of supervisorsOf(sockets)) signalProcess(supervisor, 'SIGKILL');
    for (const path of [folder, runtime, cacheFolderOf(folder)])
      rmSync(path, { recursive: true, force: true });
  }
}

function supervisorsOf(sockets: string): readonly ProcessEntry[] {
  return (readProcessTable() ?? []).filter(({ pid, state }) => {
    const command = state === 'Z' ? '' : readCommandLine(pid);
    return command.includes('/dist/supervisor/process/main.js') && command.includes(sockets);
  });
}
