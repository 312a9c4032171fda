import type { CoveredBranch, FileCoverage, Position, Span } from '../file-coverage.ts';
import type { RunCounts } from './run-counts.ts';

/** Where something of a file stands in the script that ran; undefined for what is not in it, such as a type. */
export type FindOffset = (position: Position) => number | undefined;

/** The counts of a worker in the very map that Jest has of a file: so both are added, statement by statement. */
export function fillCounts(map: FileCoverage, counts: RunCounts, offsetOf: FindOffset): FileCoverage {
  const at = (position: Position) => {
    const offset = offsetOf(position);
    return offset === undefined ? 0 : counts.at(offset);
  };
  const calls = ({ start, end }: Span) => {
    const [from, to] = [offsetOf(start), offsetOf(beforeEnd(end))];
    return from === undefined || to === undefined ? 0 : counts.calls(from, Math.max(from, to) + 1);
  };
  return {
    ...map,
    s: mapValues(map.statementMap, ({ start }) => at(start)),
    f: mapValues(map.fnMap, ({ loc }) => calls(loc)),
    b: mapValues(map.branchMap, branch =>
      branch.type === 'if'
        ? countIf(branch, map, at)
        : branch.locations.map(({ start }) => (isPlace(start) ? at(start) : 0)),
    ),
  };
}

/** Istanbul says of the first way of an `if` only where the whole is: what it holds begins with its first statement outside of functions in it. */
function countIf(
  { loc, locations }: CoveredBranch,
  { statementMap, fnMap }: FileCoverage,
  at: (position: Position) => number,
): readonly number[] {
  const otherwise = locations[1]?.start;
  const end = otherwise && isPlace(otherwise) ? otherwise : loc.end;
  const functions = Object.values(fnMap).filter(({ loc: body }) => isWithin(body.start, loc));
  const first = Object.values(statementMap)
    .map(({ start }) => start)
    .filter(start => isBefore(loc.start, start) && isBefore(start, end))
    .filter(start => !functions.some(({ loc: body }) => isWithin(start, body)))
    .reduce<Position | undefined>((found, one) => (found && isBefore(found, one) ? found : one), undefined);
  const whole = at(loc.start);
  if (otherwise && isPlace(otherwise)) {
    const second = at(otherwise);
    return [first ? at(first) : Math.max(0, whole - second), second];
  }
  const taken = at(first ?? beforeEnd(loc.end));
  return [taken, Math.max(0, whole - taken)];
}

function isPlace(position: Partial<Position>): position is Position {
  return position.line !== undefined && position.column !== undefined;
}

function isBefore(one: Position, other: Position): boolean {
  return one.line < other.line || (one.line === other.line && one.column < other.column);
}

function isWithin(position: Position, { start, end }: Span): boolean {
  return !isBefore(position, start) && isBefore(position, end);
}

function beforeEnd({ line, column }: Position): Position {
  return { line, column: Math.max(0, column - 1) };
}

function mapValues<Item, Value>(
  items: Readonly<Record<string, Item>>,
  toValue: (item: Item) => Value,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(items).map(([key, item]) => [key, toValue(item)]));
}
