import type { ProcessEntry } from '../../../src/process/table/process-entry.ts';
import type { ProcessReader } from '../../../src/process/table/process-reader.ts';

export interface SimulatedProcess extends Partial<ProcessEntry> {
  readonly pid: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly writes?: readonly string[];
  readonly limit?: number;
}

/** A process table that holds what the test says; whoever gets SIGKILL is gone from it. */
export function simulateProcesses(...processes: readonly SimulatedProcess[]) {
  const table = new Map(processes.map(process => [process.pid, process]));
  const killed: number[] = [];
  const reader: ProcessReader = {
    source: 'proc',
    list: () => [...table.values()].map(entryOf),
    entry: pid => {
      const found = table.get(pid);
      return found && entryOf(found);
    },
    commandLine: pid => `command ${pid}`,
    environment: pid => {
      const variables = Object.entries(table.get(pid)?.environment ?? {});
      return `\0${variables.map(([name, value]) => `${name}=${value}\0`).join('')}`;
    },
    limitMark: pid => table.get(pid)?.limit,
    writesTo: (pid, { paths }) => paths.some(path => table.get(pid)?.writes?.includes(path)),
  };
  const kill = jest.spyOn(process, 'kill').mockImplementation((target, signal) => {
    if (!table.has(target)) throw Object.assign(new Error('kill ESRCH'), { code: 'ESRCH' });
    if (signal === 'SIGKILL') {
      table.delete(target);
      killed.push(target);
    }
    return true;
  });
  return { reader, killed, table, restore: () => kill.mockRestore() };
}

function entryOf({
  environment: _environment,
  writes: _writes,
  limit: _limit,
  ...entry
}: SimulatedProcess): ProcessEntry {
  return { parent: 1, group: entry.pid, session: entry.pid, startTime: 100, state: 'S', ...entry };
}
