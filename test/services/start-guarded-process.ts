import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GuardedCommand, GuardedPlan, GuardedUser } from './guarded-plan.ts';
import { lastLines } from './last-lines.ts';

export interface GuardedProcess {
  readonly child: ChildProcess;
  /** How it ended, with the last lines of its log. */
  readonly ended: Promise<string>;
}

/** Leader of a group of its own, with a log and a pid file in the plan's folder. */
export function startGuardedProcess(
  { folder }: GuardedPlan,
  { name, command, environment }: GuardedCommand,
  user: GuardedUser | undefined,
): GuardedProcess {
  const [executable, ...words] = command;
  const logFile = join(folder, `${name}.log`);
  const log = openSync(logFile, 'a', 0o600);
  const options: SpawnOptions = { cwd: folder, env: environment, detached: true, ...user };
  const child = spawn(executable, words, { ...options, stdio: ['ignore', log, log] });
  closeSync(log);
  if (child.pid !== undefined) writeFileSync(join(folder, `${name}.pid`), `${child.pid}\n`);
  return { child, ended: untilEnded(child).then(how => describeEnd(executable, how, logFile)) };
}

function untilEnded(child: ChildProcess): Promise<string> {
  return new Promise(resolve => {
    child.once('error', error => resolve(`did not start: ${error.message}`));
    child.once('exit', (code, signalName) => resolve(`ended with ${signalName ?? `exit code ${code}`}`));
  });
}

function describeEnd(executable: string, how: string, logFile: string): string {
  const lines = lastLines(readFileSync(logFile, 'utf8'), 12);
  return [`${executable} ${how}`, lines].filter(text => text.trim()).join('\n');
}
