import { readFileSync } from 'node:fs';

/** How many processes the kernel has killed for want of memory. */
export interface MemoryKills {
  readonly count: number;
  /** Whose: those of our own control group and the groups below it, or all of the machine's. */
  readonly of: 'control group' | 'machine';
}

type ReadText = (path: string) => string | undefined;

/**
 * The kernel's count for the control group this process is in, where its workers are born too, else for the whole machine;
 * undefined where neither may be read.
 *
 * Source: the kernel's cgroup-v2 manual, "memory.events"; memory.oom_control of version 1 since Linux 4.13.
 */
export function readMemoryKills(read: ReadText = readText): MemoryKills | undefined {
  for (const path of groupFiles(read)) {
    const count = countIn(read(path));
    if (count !== undefined) return { count, of: 'control group' };
  }
  const count = countIn(read('/proc/vmstat'));
  return count === undefined ? undefined : { count, of: 'machine' };
}

function countIn(text: string | undefined): number | undefined {
  const count = /^oom_kill (\d+)$/m.exec(text ?? '')?.[1];
  return count === undefined ? undefined : Number(count);
}

function groupFiles(read: ReadText): readonly string[] {
  const mounts = (read('/proc/self/mountinfo') ?? '').split('\n');
  const groups = (read('/proc/self/cgroup') ?? '').split('\n');
  return groups.flatMap(line => {
    const [, number, controllers = '', path = ''] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers.split(',').includes('memory')) {
      return folderOf(path, mounts, / - cgroup \S+ \S*\bmemory\b/).map(
        folder => `${folder}/memory.oom_control`,
      );
    }
    if (number !== '0' || controllers !== '') return [];
    return folderOf(path, mounts, / - cgroup2 /).map(folder => `${folder}/memory.events`);
  });
}

/** What is mounted may be a part of the hierarchy: `ID PARENT MAJOR:MINOR ROOT MOUNT-POINT …`, see proc_pid_mountinfo(5). */
function folderOf(path: string, mounts: readonly string[], kind: RegExp): readonly string[] {
  return mounts
    .filter(line => kind.test(line))
    .flatMap(line => {
      const [, , , root = '', mountPoint = ''] = line.split(' ');
      const prefix = root === '/' ? '' : root;
      return `${path}/`.startsWith(`${prefix}/`)
        ? [mountPoint + path.slice(prefix.length).replace(/\/$/, '')]
        : [];
    });
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
