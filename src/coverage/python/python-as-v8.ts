import type { V8Function } from '../node/v8-dump.ts';
import type { MeasuredFile } from './python-coverage.ts';

/**
 * As V8 would report it: Jest makes a statement of each line then, also of those without one. Such a line goes with the statement above it.
 */
export function toV8Functions(file: MeasuredFile, text: string): readonly V8Function[] {
  const starts = startsOf(text);
  const range = (first: number, last: number, count: number) => ({
    startOffset: starts[first - 1] ?? text.length,
    endOffset: Math.max((starts[last] ?? text.length + 1) - 1, 0),
    count,
  });
  const of = (functionName: string, one: ReturnType<typeof range>): V8Function => ({
    functionName,
    isBlockCoverage: false,
    ranges: [one],
  });
  const lacking = new Set(file.missing);
  const lastLine = starts.length;
  const functions = file.functions.map(({ name, body, end }) => {
    const first = file.statements.find(line => line >= body && line <= end);
    return of(name, range(body, end, first !== undefined && !lacking.has(first) ? 1 : 0));
  });
  const runs = file.statements.map((line, index) => {
    const next = file.statements[index + 1] ?? lastLine + 1;
    return of('', range(line, next - 1, lacking.has(line) ? 0 : 1));
  });
  return [of('', range(1, lastLine, 1)), ...functions, ...runs];
}

function startsOf(text: string): readonly number[] {
  let start = 0;
  return text.split('\n').map(line => {
    const own = start;
    start += line.length + 1;
    return own;
  });
}
