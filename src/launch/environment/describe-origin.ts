import { isAbsolute, relative } from 'node:path';
import type { VariableOrigin } from '../plan.ts';

/** Where a variable was set, as it stands behind its name: `set in .env:3`. */
export function describeOrigin(origin: VariableOrigin, rootDir: string): string {
  switch (origin.layer) {
    case 'inherited':
      return 'inherited from the environment of Jest';
    case 'env-file':
      return `set in ${shorten(origin.file, rootDir)}:${origin.line}`;
    case 'env':
      return "set in the worker's env";
    case 'port':
      return "set by the worker's ports";
    case 'server':
      return 'set by services for this run';
    case 'slot':
      return 'set by isolate for this test file';
    case 'otel':
      return 'set by otel: true';
    case 'restart':
      return 'set by the test that restarted it';
    case 'coverage':
      return "set by the worker's coverage";
    case 'supervision':
      return 'set by live-worker';
    default:
      return origin satisfies never;
  }
}

/** What stands in its value that was set elsewhere: `${HOST} and the default of ${PORT} filled in`. */
export function describeFilledIn(origin: VariableOrigin): string | undefined {
  const references = 'filledIn' in origin ? (origin.filledIn ?? []) : [];
  const names = references.map(({ name, isDefault }) => `${isDefault ? 'the default of ' : ''}\${${name}}`);
  const last = names.pop();
  if (last === undefined) return undefined;
  return `${names.length === 0 ? last : `${names.join(', ')} and ${last}`} filled in`;
}

function shorten(file: string, rootDir: string): string {
  const path = relative(rootDir, file);
  return path.startsWith('..') || isAbsolute(path) ? file : path;
}
