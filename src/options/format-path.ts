import { truncate } from './truncate.ts';

export type OptionPath = readonly (string | number)[];

/** `workers.ops.ready[0].queues`; names that are no words stand in quotes and brackets. */
export function formatPath(path: OptionPath): string {
  if (path.length === 0) return 'the options';
  return path
    .map((key, index) => formatKey(isKeyOfEnv(path, index) ? maskAssignment(`${key}`) : key))
    .join('')
    .replace(/^\./, '');
}

/** True for the key of a variable in a worker's `env`. */
function isKeyOfEnv(path: OptionPath, index: number): boolean {
  return index === 3 && path[0] === 'workers' && path[2] === 'env';
}

/** Hides the value in `NAME=value`, which is no name but may be a secret. */
export function maskAssignment(name: string): string {
  return name.replace(/=[\s\S]+/, '=***');
}

function formatKey(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`;
  return /^[\w$-]+$/.test(key) ? `.${truncate(key)}` : `[${truncate(JSON.stringify(key))}]`;
}
