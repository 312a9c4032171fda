import { findClients, findHeldSockets } from '../../../process/table/find-socket-holders.ts';
import { maskProcess } from '../../../process/table/mask-process.ts';
import type { ProcessEntry } from '../../../process/table/process-entry.ts';
import { readEnvironment, readProcessTable } from '../../../process/table/process-table.ts';
import { readProcessDetails } from '../../../process/table/read-process-details.ts';
import type { Endpoint } from '../../../process/table/read-sockets.ts';
import type { Secrets } from '../../../secrets/secrets.ts';
import { addressesBehind } from '../../addresses-behind.ts';
import type { Strangers } from './explain-strangers.ts';

const mostNamed = 5;

/** Processes of this machine with a connection to the broker that are neither Jest nor workers of this file: those that know the queue's name first, then the oldest. */
export function findStrangers(endpoint: Endpoint, queue: string, secrets: Secrets): Strangers['candidates'] {
  const addresses = addressesBehind(endpoint, findHeldSockets([process.pid])?.peers ?? []);
  const jest = jestProcesses();
  return findClients(endpoint.port, addresses)
    .filter(({ pid }) => !jest.has(pid) && !isOurWorker(pid))
    .map(entry => ({ entry, knows: knowsQueue(entry, queue) }))
    .sort(
      (one, other) => Number(other.knows) - Number(one.knows) || one.entry.startTime - other.entry.startTime,
    )
    .slice(0, mostNamed)
    .map(({ entry }) => ({
      ...maskProcess(entry, secrets),
      ageSeconds: readProcessDetails(entry).ageSeconds,
    }));
}

/** This process, those above it, and its siblings that run other test files. */
function jestProcesses(): ReadonlySet<number> {
  const table = readProcessTable() ?? [];
  const parents = new Map(table.map(({ pid, parent }) => [pid, parent]));
  const found = new Set<number>();
  for (let pid: number | undefined = process.pid; pid && !found.has(pid); pid = parents.get(pid))
    found.add(pid);
  const siblings = table.filter(
    ({ pid, parent }) => parent === process.ppid && readEnvironment(pid).includes('\0JEST_WORKER_ID='),
  );
  if (process.env.JEST_WORKER_ID !== undefined && process.send)
    for (const { pid } of siblings) found.add(pid);
  return found;
}

/** The middle of LIVE_WORKER_ID is the process that launched it. */
function isOurWorker(pid: number): boolean {
  const id = /\0LIVE_WORKER_ID=([^\0]*)/.exec(readEnvironment(pid))?.[1];
  return id !== undefined && id.split('.').at(-2) === String(process.pid);
}

function knowsQueue(entry: ProcessEntry, queue: string): boolean {
  return readEnvironment(entry.pid).includes(queue) || readProcessDetails(entry).command.includes(queue);
}
