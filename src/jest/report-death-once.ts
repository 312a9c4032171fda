import type { DeathNotice } from '../session/death-notice.ts';

/** An error as Jest collects it: alone, or with the place where the test or hook was defined. */
type Collected = unknown | readonly [error: unknown, definedAt: unknown];

/**
 * Sets the errors of a test or hook right about a worker's end: the whole text stands once in a file, and never twice in one
 * test. `mustFail` adds the end where no error tells of it: `test.failing` swallows what its function throws, and a function
 * that just returned was not raced.
 */
export function reportDeathOnce(
  death: DeathNotice,
  errors: Collected[],
  teller: object & { readonly asyncError?: unknown },
  { mustFail = false } = {},
): void {
  const places = errors.flatMap((error, index) => (death.isIn(errorOf(error)) ? [index] : []));
  const [first, ...copies] = places;
  if (first === undefined && !mustFail) return;
  const isWhole = death.tellBy(teller);
  const news = isWhole ? death.error : death.news;
  if (first === undefined) {
    errors.unshift([news, teller.asyncError]);
    return;
  }
  if (!isWhole) errors[first] = [news, teller.asyncError];
  for (const copy of copies.reverse()) errors.splice(copy, 1);
}

function errorOf(collected: Collected): unknown {
  return Array.isArray(collected) ? collected[0] : collected;
}
