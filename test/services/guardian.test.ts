import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { identifyProcess, isAlive } from '../../src/process/table/process-identity.ts';
import { freePorts } from './free-ports.ts';
import { newGuardedFolder } from './guarded-folder.ts';
import type { GuardedCommand, GuardedPlan } from './guarded-plan.ts';
import { startGuarded } from './start-guarded.ts';

function nodeCommand(name: string, code: string): GuardedCommand {
  return { name, command: [process.execPath, '-e', code], environment: {} };
}

function planOf(parts: Partial<GuardedPlan>): GuardedPlan {
  return { folder: newGuardedFolder(), files: {}, prepare: [], servers: [], closing: [], ...parts };
}

async function serverPlan(): Promise<GuardedPlan> {
  const [port = 0] = await freePorts(1);
  const listen = nodeCommand('server', `require('net').createServer().listen(${port}, '127.0.0.1')`);
  return planOf({ servers: [{ ...listen, stopSignal: 'SIGTERM', port }] });
}

test('guardian starts a server, then ends it and removes its folder', async () => {
  const plan = await serverPlan();
  const guarded = startGuarded(plan);
  await guarded.started;
  const server = identifyProcess(Number(readFileSync(join(plan.folder, 'server.pid'), 'utf8')));
  expect(isAlive(server)).toBe(true);
  expect(await guarded.stop()).toBe(true);
  expect([isAlive(server), existsSync(plan.folder)]).toEqual([false, false]);
});

test('guardian says how a preparation failed, with its last lines', async () => {
  const plan = planOf({ prepare: [nodeCommand('prepare', "console.log('no room'); process.exit(3)")] });
  const guarded = startGuarded(plan);
  expect(await guarded.failure).toMatch(/ended with exit code 3\n +no room$/);
  await guarded.stop();
  expect(existsSync(plan.folder)).toBe(false);
});

test('guardian says that a closing command failed', async () => {
  const guarded = startGuarded(planOf({ closing: [nodeCommand('close', 'process.exit(1)')] }));
  await guarded.started;
  expect(await guarded.stop()).toBe(false);
});
