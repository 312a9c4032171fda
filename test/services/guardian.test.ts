import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { identifyProcess, isAlive } from '../../src/process/table/process-identity.ts';
import { freePorts } from '../../src/server/finding/free-ports.ts';
import { newServerFolder } from '../../src/server/running/server-folder.ts';
import type { ServerCommand, ServerPlan } from '../../src/server/server-plan.ts';
import type { GuardedOrder } from './guarded-order.ts';
import { startGuarded } from './start-guarded.ts';

function nodeCommand(name: string, code: string): ServerCommand {
  return { name, command: [process.execPath, '-e', code], environment: {} };
}

function orderOf(parts: Partial<ServerPlan>, closing: readonly ServerCommand[] = []): GuardedOrder {
  const plan = { folder: newServerFolder(), files: {}, prepare: [], processes: [], ...parts };
  return { kind: 'plan', plan, closing };
}

const stop = { signal: 'SIGTERM', graceMs: 5_000 } as const;

test('guardian starts servers, then ends them and removes their folder', async () => {
  const folder = newServerFolder();
  const [port = 0] = await freePorts(1);
  const code = (more: string) => `
    require('fs').writeFileSync('${folder}/pid', String(process.pid));
    require('net').createServer().listen(${port}, '127.0.0.1')${more}`;
  const guarded = startGuarded(
    orderOf({
      folder,
      processes: [
        { ...nodeCommand('first', code('')), stop, port },
        { ...nodeCommand('second', 'setTimeout(() => {}, 60_000)'), stop },
      ],
    }),
  );
  await guarded.started;
  const server = identifyProcess(Number(readFileSync(join(folder, 'pid'), 'utf8')));
  expect(isAlive(server)).toBe(true);
  expect(await guarded.stop()).toBe(true);
  expect([isAlive(server), existsSync(folder)]).toEqual([false, false]);
});

test('guardian says how a preparation failed, with its last lines', async () => {
  const order = orderOf({ prepare: [nodeCommand('prepare', "console.log('no room'); process.exit(3)")] });
  const guarded = startGuarded(order);
  expect(await guarded.failure).toMatch(/"prepare" ended with exit code 3\n +no room\n/);
  await guarded.stop();
  expect(order.kind === 'plan' && existsSync(order.plan.folder)).toBe(false);
});

test('guardian says that a closing command failed', async () => {
  const guarded = startGuarded(orderOf({}, [nodeCommand('close', 'process.exit(1)')]));
  await guarded.started;
  expect(await guarded.stop()).toBe(false);
});
