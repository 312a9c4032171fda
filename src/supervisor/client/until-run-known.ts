import { untilParentHeard } from '../../worker/runner/follow-parent.ts';

let known: Promise<void> | undefined;

/**
 * Resolves when it is certain which run this process belongs to: a child of Jest's that had lost its parent before it could
 * ask for it ends here, before it writes or starts anything in the name of another process.
 */
export function untilRunKnown(): Promise<void> {
  known ??= untilParentHeard();
  return known;
}
