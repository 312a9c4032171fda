import { notice } from '../text/notice.ts';

const intervalMs = 5_000;

/** While somebody waits for longer than five seconds, a line on stderr every five seconds says for what. */
export function reportProgress(describe: (waitedSeconds: number) => string | undefined): { stop(): void } {
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const line = describe(Math.round((performance.now() - startedAt) / 1_000));
    if (line !== undefined) notice(line);
  }, intervalMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
