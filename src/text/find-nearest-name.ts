const longestName = 100;

/** `did you mean "command"?`, when one of the names is close to what was given. */
export function didYouMean(given: unknown, names: readonly string[]): string | undefined {
  const nearest = typeof given === 'string' ? findNearestName(given, names) : undefined;
  return nearest === undefined ? undefined : `did you mean "${nearest}"?`;
}

/** Another name with the fewest edits from the given one, case and dashes aside; undefined when none is close. */
export function findNearestName(given: string, names: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const name of names) {
    if (name === given) continue;
    const edits = editsBetween(fold(given), fold(name));
    if (edits < fewest) [nearest, fewest] = [name, edits];
  }
  return nearest;
}

/** The nearest name, or else one to which something is added at the end, or from which it is missing. */
export function findRelatedName(given: string, names: readonly string[]): string | undefined {
  return findNearestName(given, names) ?? names.find(name => isExtended(name, given));
}

function isExtended(name: string, given: string): boolean {
  const [short, long] = name.length < given.length ? [name, given] : [given, name];
  return short.length >= 3 && short !== long && long.toLowerCase().startsWith(short.toLowerCase());
}

function fold(name: string): string {
  return name.length > longestName ? name : name.toLowerCase().replace(/[-_\s]/g, '');
}

/** Edits from one to the other, or Infinity when they are not close: more than a third of the longer one, or all of the shorter. */
function editsBetween(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length);
  const longer = Math.max(left.length, right.length);
  if (longer > longestName) return Number.POSITIVE_INFINITY;
  const edits = alignmentDistance(left, right);
  return edits <= Math.max(1, Math.floor(longer / 3)) && edits < shorter ? edits : Number.POSITIVE_INFINITY;
}

/** Damerau-Levenshtein distance in its optimal string alignment form: insert, delete, replace, swap neighbours. */
function alignmentDistance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const replace = left[row - 1] === right[column - 1] ? 0 : 1;
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + replace,
        row > 1 && column > 1 && swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, right.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
