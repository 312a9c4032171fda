/** What is known of the files of a run that have workers of their own, in milliseconds. */
export interface Pace {
  /** From the lease of a file to its workers being ready; undefined before the first one was. */
  readonly bootMs: number | undefined;
  /** From ready to the end of the file; undefined before the first one ended. */
  readonly fileMs: number | undefined;
  /** Files that have such workers now. */
  readonly parallel: number;
  /** Files that may still come; undefined where Jest has not said how many there are. */
  readonly left: number | undefined;
}

const most = 4;

/** How many to have ready, or on their way: as many as hide the boot, and none that no file is left for. */
export function countSpares(
  spare: 'auto' | number,
  { bootMs, fileMs, parallel, left = Number.POSITIVE_INFINITY }: Pace,
): number {
  const wanted = spare === 'auto' ? Math.min(most, hiding(bootMs, fileMs, parallel)) : spare;
  return Math.max(0, Math.min(wanted, left));
}

/** Each file of those that run at once takes one when it begins: in the time of a boot that many begin. */
function hiding(bootMs: number | undefined, fileMs: number | undefined, parallel: number): number {
  if (bootMs === undefined || fileMs === undefined) return 1;
  return Math.max(1, Math.ceil((bootMs * Math.max(1, parallel)) / Math.max(1, fileMs)));
}
