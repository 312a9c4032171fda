import { createServer } from 'node:net';
import { runName } from '../../records/run-identity.ts';
import type { SupervisorOrder } from '../client/start-supervisor.ts';
import { ourVersion } from '../our-version.ts';
import { lateHoldings } from './late-holdings.ts';
import { lateServers } from './late-servers.ts';
import { lateSlots } from './late-slots.ts';
import { Supervisor } from './supervisor.ts';
import { Tenure } from './tenure.ts';

const graceAfterKillMs = 500;

/** The supervisor's own process. It listens before it loads what it needs later. */
async function main({ folder, run, number }: SupervisorOrder): Promise<void> {
  const tenure = new Tenure(run, {
    onRunGone: () => void supervisor.end('its run is gone', { kind: 'soon', graceMs: graceAfterKillMs }),
    onExpired: () => void supervisor.end('keepAliveMs is over', { kind: 'orderly' }),
  });
  const sweep = async () => {
    const { sweepSockets } = await import('../socket/sweep-sockets.ts');
    await sweepSockets({ folder, run: tenure.run }, { isRunOver: false });
    const { sweepServersOf } = await import('../servers/sweep-servers-of.ts');
    await sweepServersOf(folder);
  };
  const holdings = lateHoldings(order, () => supervisor);
  const servers = lateServers({ folder, run: () => tenure.run, note: text => void note(order, text) });
  const supervisor: Supervisor = new Supervisor({
    version: ourVersion(),
    tenure,
    holdings,
    slots: lateSlots(
      text => void note(order, text),
      servers,
      names => holdings.clearSlots(names),
    ),
    servers,
    note: text => void note(order, text),
    onOver: () => void leave(),
  });
  const server = createServer(socket => supervisor.accept(socket));
  // Node removes the name it listens under.
  if (!(await tenure.begin(server, folder, number))) return void server.close();
  const leave = async () => {
    tenure.resign();
    server.close();
    await sweep().finally(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => void supervisor.end(`it got ${signal}`, { kind: 'orderly' }));
  await sweep();
}

async function note({ folder, run }: SupervisorOrder, text: string): Promise<void> {
  const { writeSupervisorLog } = await import('./supervisor-log.ts');
  writeSupervisorLog(folder, runName(run), text);
}

/** What it does not expect leaves it in an unknown state: its clients learn of its end by the end of their connections. */
function die(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  void note(order, text).finally(() => process.exit(1));
}

const order = JSON.parse(process.argv[2] ?? '') as SupervisorOrder;
process.on('uncaughtException', die).on('unhandledRejection', die);
main(order).catch(die);
