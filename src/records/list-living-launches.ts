import { standardOutputOf } from '../process/standard-output.ts';
import { maskProcess } from '../process/table/mask-process.ts';
import type { ProcessEntry } from '../process/table/process-entry.ts';
import { initialVariable, isOfOurNamespace, readProcessTable } from '../process/table/process-table.ts';
import { readProcessDetails } from '../process/table/read-process-details.ts';
import { readLaunchRecord } from './find-launch-records.ts';
import { listHeldWorkers } from './held-workers.ts';

/** A launch of any Jest or `live-worker run` with a living process. No command line shows a secret. */
export interface LivingLaunch {
  readonly worker: string;
  /** The value of LIVE_WORKER_ID. */
  readonly id: string;
  readonly processes: readonly {
    readonly pid: number;
    readonly command: string;
    readonly ageSeconds: number;
  }[];
  /** Who started it: a process of Jest, or `live-worker run`. */
  readonly owner: { readonly pid: number; readonly isAlive: boolean; readonly command: string };
  /** Where it belongs, as far as its log files tell. */
  readonly rootDir: string | undefined;
  readonly logPaths: readonly string[];
  /** Held by `live-worker run`. */
  readonly isHeld: boolean;
}

interface Member {
  readonly entry: ProcessEntry;
  readonly id: string;
  readonly log: LogOwner | undefined;
}

interface LogOwner {
  readonly rootDir: string;
  /** The folder of the test file. */
  readonly folder: string;
  readonly worker: string;
}

/** Every launch of this machine with a living process, by cookie or by the log it writes to; undefined where there is no /proc. */
export function listLivingLaunches(): readonly LivingLaunch[] | undefined {
  const table = readProcessTable()?.filter(({ state }) => state !== 'Z' && state !== 'X');
  if (!table) return undefined;
  const byId = new Map<string, Member[]>();
  for (const entry of table) {
    const member = entry.pid === process.pid ? undefined : identify(entry);
    if (member) byId.set(member.id, [...(byId.get(member.id) ?? []), member]);
  }
  const entries = new Map(table.map(entry => [entry.pid, entry]));
  return [...byId].map(([id, members]) => describe(id, members, entries));
}

function identify(entry: ProcessEntry): Member | undefined {
  const cookie = initialVariable(entry.pid, 'LIVE_WORKER_ID');
  const log = standardOutputOf(entry.pid)
    .map(parseLogPath)
    .find(owner => owner !== undefined);
  const id = cookie || (log && readLaunchRecord(`${log.folder}/${log.worker}.launch.ndjson`)?.record.id);
  return id && isOfOurNamespace(entry.pid) ? { entry, id, log } : undefined;
}

function parseLogPath(path: string): LogOwner | undefined {
  const match = /^(.*)\/\.live-worker\/[^/]+\/[^/]+\/([^/]+)\.(?:stdout|stderr)\.log$/.exec(path);
  if (!match) return undefined;
  return { rootDir: match[1] ?? '', folder: path.slice(0, path.lastIndexOf('/')), worker: match[2] ?? '' };
}

function describe(
  id: string,
  members: readonly Member[],
  table: ReadonlyMap<number, ProcessEntry>,
): LivingLaunch {
  const words = id.split('.');
  const worker = words.slice(0, -2).join('.');
  const log = members.map(member => member.log).find(owner => owner?.worker === worker);
  const ownerPid = Number(words.at(-2));
  const owner = table.get(ownerPid);
  const eldest = Math.min(...members.map(({ entry }) => entry.startTime));
  const isAlive = owner !== undefined && owner.startTime <= eldest;
  return {
    worker,
    id,
    processes: members.map(({ entry }) => ({
      ...maskProcess(entry),
      ageSeconds: Math.round(readProcessDetails(entry).ageSeconds),
    })),
    owner: { pid: ownerPid, isAlive, command: isAlive ? maskProcess(owner).command : '' },
    rootDir: log?.rootDir,
    logPaths: log ? ['stdout', 'stderr'].map(stream => `${log.folder}/${worker}.${stream}.log`) : [],
    isHeld: log !== undefined && listHeldWorkers(log.rootDir).some(held => held.id === id),
  };
}
