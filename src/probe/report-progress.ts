import { notice } from '../text/notice.ts';

const intervalMs = 5_000;

export interface ProgressOptions {
  /** When the first line is written. */
  readonly firstAfterMs?: number;
}

/** While a wait lasts longer than that, a line on stderr says for what, and another one every five seconds. */
export function reportProgress(
  describe: (waitedSeconds: number) => string | undefined | Promise<string | undefined>,
  { firstAfterMs = intervalMs }: ProgressOptions = {},
): { stop(): void } {
  const startedAt = performance.now();
  let isOver = false;
  const report = async () => {
    const line = await describe(Math.round((performance.now() - startedAt) / 1_000));
    if (isOver) return;
    if (line !== undefined) notice(line);
    timer = setTimeout(report, intervalMs).unref();
  };
  let timer = setTimeout(report, firstAfterMs).unref();
  return {
    stop() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}
