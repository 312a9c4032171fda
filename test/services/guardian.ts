/**
 * Holds servers for another process: reads a GuardedOrder from the first line of standard input, carries it out, and
 * undoes it when standard input ends, which it does however that other process died.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { RunningServer } from '../../src/server/running/running-server.ts';
import type { ServerWatch } from '../../src/server/running/server-watch.ts';
import type { PlannedServer } from '../../src/server/server-plan.ts';
import { serviceKinds } from '../../src/service/service-kinds.ts';
import type { GuardedOrder, GuardianMessage } from './guarded-order.ts';
import { planGuarded } from './plan-guarded.ts';
import { runToEnd } from './run-to-end.ts';

const released = new AbortController();
const lines = createInterface({ input: process.stdin });
lines.once('close', () => released.abort());
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => lines.close());
process.stdout.on('error', () => undefined);

/** It is the one itself. */
const nobody: ServerWatch = {
  begin: () => undefined,
  watch: () => undefined,
  forget: () => undefined,
  end: () => undefined,
};

void guard().then(
  succeeded => process.exit(succeeded ? 0 : 1),
  () => process.exit(1),
);

async function guard(): Promise<boolean> {
  const [line] = await once(lines, 'line', { signal: released.signal });
  const order: GuardedOrder = JSON.parse(line);
  const planned = await planGuarded(order);
  if ('unavailable' in planned) {
    tell({ kind: 'unavailable', why: planned.unavailable });
    return true;
  }
  const { url, source, managementUrl, commandEnvironment } = planned;
  tell({ kind: 'planned', url, source, managementUrl, commandEnvironment });
  return hold(order, planned);
}

async function hold(order: GuardedOrder, planned: PlannedServer): Promise<boolean> {
  const server = new RunningServer({
    title: order.kind === 'server' ? order.server : 'a server',
    planned,
    records: `${planned.plan.folder}-logs`,
    watch: nobody,
    refusal: refusalOf(order),
    record: () => undefined,
  });
  const release = once(released.signal, 'abort').then(() => undefined);
  try {
    const isUp = await Promise.race([server.up.then(() => true), release]);
    if (isUp) tell({ kind: 'started' });
    const end = isUp && (await Promise.race([server.lost, release]));
    if (end) tell({ kind: 'failed', why: [end.how, ...end.lastLines].join('\n    ') });
  } catch (error) {
    tell({ kind: 'failed', why: error instanceof Error ? error.message : String(error) });
  }
  return close(order, await server.stop(), planned);
}

async function close(
  order: GuardedOrder,
  problems: readonly string[],
  { plan }: PlannedServer,
): Promise<boolean> {
  const succeeded = [problems.length === 0];
  for (const { command, environment } of order.kind === 'plan' ? order.closing : []) {
    const [executable, ...words] = command;
    succeeded.push((await runToEnd(executable, words, { environment })).succeeded);
  }
  await runToEnd('rm', ['-rf', `${plan.folder}-logs`]);
  return succeeded.every(Boolean);
}

/** What else is started here, who asked for it asks whether it answers. */
function refusalOf(order: GuardedOrder): (url: string) => Promise<string | undefined> {
  const capability = order.kind === 'server' ? serviceKinds[order.server]?.server : undefined;
  if (!capability) return async () => undefined;
  const { refusal, urlOf, homePlace } = capability;
  return url => refusal(urlOf(url, homePlace), { env: {}, cwd: '/' });
}

function tell(message: GuardianMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
