import { rmSync } from 'node:fs';
import type { ServerWatch } from '../../server/running/server-watch.ts';
import type { ServerPlan } from '../../server/server-plan.ts';
import { openLaunchWatch } from '../../worker/runner/launch-watch.ts';
import { serverRecordPath, writeServerRecord } from './server-records.ts';

export interface WatchServerOptions {
  /** Of the sockets. */
  readonly folder: string;
  /** Where the watchdog writes down what it had to end. */
  readonly recordPath: string;
}

/** The watchdog ends the server of a supervisor that was killed; where it was killed too, the next run does by what is written down. */
export function watchServer({ folder, recordPath }: WatchServerOptions): ServerWatch {
  const launchWatch = openLaunchWatch(recordPath);
  const ids: string[] = [];
  let plan: ServerPlan | undefined;
  const write = () => {
    if (!plan) return;
    const { command, environment } = plan.removal ?? {};
    writeServerRecord(serverRecordPath(folder, plan.folder), {
      folder: plan.folder,
      ids: [...ids],
      ...(command && environment && { removal: { command: [...command], environment: { ...environment } } }),
    });
  };
  return {
    begin(begun) {
      plan = begun;
      write();
    },
    watch(held, signal) {
      ids.push(held.id);
      write();
      const { id, leader, logPaths, logFiles } = held.mark;
      launchWatch.watch({
        id,
        leader,
        logPaths,
        logFiles,
        worker: held.name,
        signal,
        isAsked: false,
        removes: plan && removedWith(held.name, plan, serverRecordPath(folder, plan.folder)),
      });
    },
    forget: held => launchWatch.forget(held.id),
    end() {
      if (plan) rmSync(serverRecordPath(folder, plan.folder), { force: true });
    },
  };
}

/** Nothing while another process of it may still write; a container is the matter of the next run. */
function removedWith(
  name: string,
  { processes, folder, removal }: ServerPlan,
  record: string,
): readonly string[] {
  const isHelper = processes.slice(0, -1).some(process => process.name === name);
  if (isHelper) return [];
  return removal ? [folder] : [folder, record];
}
