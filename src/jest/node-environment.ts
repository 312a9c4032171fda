import { join } from 'node:path';
import type { TestEnvironment } from 'jest-environment-node';
import { LiveWorkerError } from '../errors.ts';
import { resolveThrough } from './resolve-through.ts';

const chain = [
  'jest/package.json',
  '@jest/core/package.json',
  'jest-config/package.json',
  'jest-environment-node',
];

/** Node's environment of the Jest that runs: where no other package may resolve it, as with Yarn's PnP, through Jest's own packages. */
export function nodeEnvironment(): typeof TestEnvironment {
  const starts = [__filename, join(process.cwd(), 'package.json')];
  const candidates = [['jest-environment-node'], chain].flatMap(names =>
    starts.map(start => resolveThrough(start, names)),
  );
  const found = candidates.find(path => path !== undefined);
  if (found === undefined) throw notFound();
  return (require(found) as { readonly TestEnvironment: typeof TestEnvironment }).TestEnvironment;
}

function notFound(): LiveWorkerError {
  return new LiveWorkerError(
    'CONFIG_UNREADABLE',
    `Cannot find the jest-environment-node of Jest from "${process.cwd()}"\nInstall Jest in the project: npm install --save-dev jest`,
    { details: { cwd: process.cwd() } },
  );
}
