import type { FileCoverage } from '../../coverage/file-coverage.ts';
import { requireOfJest } from '../jest-module-loader.ts';

/** As far as istanbul-lib-coverage is used. */
interface IstanbulCoverage {
  createCoverageMap(files: object): {
    merge(files: object): void;
    toJSON(): Readonly<Record<string, object>>;
  };
}

/** Where Jest reads what Babel's instrumented files counted. */
const counters = '__coverage__';

/** Adds to what the tests ran: a file that both loaded has the sum of both. */
export function addToSandbox(sandbox: object, counted: readonly FileCoverage[], rootDir: string): void {
  if (counted.length === 0) return;
  const names = ['@jest/reporters/package.json', 'istanbul-lib-coverage'];
  const { createCoverageMap } = requireOfJest(rootDir, names) as IstanbulCoverage;
  const own = (Reflect.get(sandbox, counters) ?? {}) as Readonly<Record<string, object>>;
  const paths = counted.map(({ path }) => path);
  const both = createCoverageMap(
    copy(Object.fromEntries(Object.entries(own).filter(([path]) => paths.includes(path)))),
  );
  for (const file of counted) both.merge({ [file.path]: file });
  Reflect.set(sandbox, counters, { ...own, ...copy(both.toJSON()) });
}

/** Plain data, which no counter of the sandbox shares. */
function copy<Data>(data: Data): Data {
  return JSON.parse(JSON.stringify(data)) as Data;
}
