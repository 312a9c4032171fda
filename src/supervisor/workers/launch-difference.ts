import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { LaunchDifference } from '../../worker/runner/worker-lease.ts';
import type { SharedWorker } from './shared-worker.ts';
import type { LaunchIdentity } from './worker-key.ts';

/** Options that are seen by what they do: to the command, the folder or a variable. */
const seenByEffect = new Set(['command', 'shell', 'cwd', 'env', 'envFiles', 'inherit']);

type Launched = Pick<SharedWorker, 'identity' | 'folder'> & { readonly spec: { readonly name: string } };

/** By what it differs from the nearest other worker of its name. */
export function findDifference(
  { spec, identity, folder }: Launched,
  workers: Iterable<Launched>,
): LaunchDifference | undefined {
  const others = [...workers].filter(other => other.spec.name === spec.name && other.folder !== folder);
  const [nearest] = others
    .map(other => ({ other: basename(other.folder), by: listDifferences(identity, other.identity) }))
    .sort((one, other) => one.by.length - other.by.length);
  return nearest;
}

/**
 * By what two launches differ: `env.NAME` for each variable, never its value, `cwd`, `command`, `interpreter`, `options.ready`.
 */
export function listDifferences(one: LaunchIdentity, other: LaunchIdentity): readonly string[] {
  const seen = [
    ...differingKeys(one.env, other.env).map(name => `env.${name}`),
    ...(one.cwd === other.cwd ? [] : ['cwd']),
    ...(isDeepStrictEqual(one.args, other.args) ? [] : ['command']),
    ...(one.file === other.file && one.jestNode === other.jestNode ? [] : ['interpreter']),
  ];
  const options = differingKeys(one.options, other.options);
  const unseen = options.filter(name => !seenByEffect.has(name));
  return [...seen, ...(seen.length > 0 ? unseen : options).map(name => `options.${name}`)];
}

function differingKeys(
  one: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
): readonly string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter(name => !isDeepStrictEqual(one[name], other[name])).sort();
}
