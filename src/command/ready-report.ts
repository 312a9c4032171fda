import type { Colours } from './command-result.ts';

/** What `run` tells of a worker that is ready. Times are in milliseconds. */
export interface ReadyReport {
  readonly name: string;
  readonly pid: number;
  readonly logs: { readonly stdout: string; readonly stderr: string };
  readonly timings: {
    /** Until the services answered and it had its turn. */
    readonly beforeStartMs: number;
    readonly startMs: number;
    readonly totalMs: number;
  };
}

export function describeReady(
  { name, pid, logs, timings }: ReadyReport,
  colours: Colours,
  isOver: boolean,
): string {
  const { beforeStartMs, startMs, totalMs } = timings;
  const lines = [
    colours.green(
      `live-worker: ${name} is ready after ${totalMs} ms (services and turn ${beforeStartMs} ms, start ${startMs} ms), pid ${pid}`,
    ),
    `  logs: ${logs.stderr}`,
    `        ${logs.stdout}`,
  ];
  const hints = [
    `  Ctrl-C stops it; in another terminal, LIVE_WORKER_ATTACH=${name} npx jest tests against it`,
  ];
  return [...lines, ...(isOver ? [] : hints)].join('\n');
}
