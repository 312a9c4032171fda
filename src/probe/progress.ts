import { notice } from '../text/notice.ts';

const intervalMs = 5_000;

export interface ProgressOptions {
  /** When the first line is written. */
  readonly firstAfterMs?: number;
}

/** While somebody waits for longer than that, a line on stderr, and another one every five seconds, says for what. */
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
