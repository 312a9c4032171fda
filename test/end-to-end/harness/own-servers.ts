import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { readProcessTable } from '../../../src/process/table/process-table.ts';

/** A server that runs of a project started, by what is written down of it. */
export interface OwnServer {
  readonly kind: string;
  readonly folder: string;
  readonly port: number;
}

/** All that the runs of a project have started, the oldest first. */
export function ownServers(project: string): readonly OwnServer[] {
  const base = join(project, '.live-worker');
  const events = readdirSync(base)
    .filter(run => run !== 'latest' && existsSync(join(base, run, 'run.ndjson')))
    .flatMap(run =>
      readdirSync(join(base, run))
        .filter(name => name.startsWith('servers__'))
        .map(name => join(run, name)),
    )
    .flatMap(name => readEvents(join(base, name, 'events.ndjson')).map(event => ({ ...event, name })));
  return events
    .filter(({ event }) => event === 'server.starting')
    .sort((one, other) => one.atMs - other.atMs)
    .map(({ name, folder, port }) => ({ kind: /servers__([a-z]+)/.exec(name)?.[1] ?? '', folder, port }));
}

/** Their processes that are alive, by the folder they work in. */
export function processesOf(servers: readonly OwnServer[]): readonly number[] {
  return (readProcessTable() ?? [])
    .filter(({ pid, state }) => state !== 'Z' && servers.some(({ folder }) => isIn(folder, pid)))
    .map(({ pid }) => pid);
}

/** What there is of them. */
export function leftOf(servers: readonly OwnServer[]): object {
  return {
    processes: processesOf(servers),
    folders: servers.map(({ folder }) => folder).filter(folder => existsSync(folder)),
  };
}

export const nothing = { processes: [], folders: [] };

function isIn(folder: string, pid: number): boolean {
  try {
    // A folder that was removed has " (deleted)" behind its name.
    return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
  } catch {
    return false;
  }
}

interface ServerEvent {
  readonly atMs: number;
  readonly event: string;
  readonly folder: string;
  readonly port: number;
}

function readEvents(path: string): readonly ServerEvent[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as ServerEvent);
}
