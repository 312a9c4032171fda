import { maskAssignment } from '../format-path.ts';
import { listUncheckedWorkers } from '../list-unchecked-workers.ts';
import { type Mistake, mistakeAt } from '../mistake.ts';
import { isObject } from '../schema/container-schemas.ts';
import { isVariableName } from '../schema/text-schemas.ts';
import { truncate } from '../truncate.ts';

const workerName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const workerNameWanted = '1 to 64 letters, digits, ".", "_", "-", the first one a letter or digit';

/** Checks the names of workers and of variables in `env`, and the values of those. */
export function checkNames(options: unknown): readonly Mistake[] {
  return listUncheckedWorkers(options).flatMap(([name, { env }]) => [
    ...checkWorkerName(name),
    ...(isObject(env) ? Object.entries(env).flatMap(variable => checkVariable(name, variable)) : []),
  ]);
}

function checkWorkerName(name: string): readonly Mistake[] {
  const path = ['workers', name];
  const given = `the name ${truncate(JSON.stringify(name))}`;
  if (!workerName.test(name)) return [mistakeAt(path, { given, wanted: workerNameWanted })];
  const hint = '`@live-worker none` means no worker';
  return name === 'none' ? [mistakeAt(path, { given, wanted: 'another name', hint })] : [];
}

function checkVariable(worker: string, [name, value]: readonly [string, unknown]): readonly Mistake[] {
  const path = ['workers', worker, 'env', name];
  if (!isVariableName(name)) {
    const given = `the name ${truncate(JSON.stringify(maskAssignment(name)))}`;
    return [mistakeAt(path, { given, wanted: 'a name that is not empty and without =' })];
  }
  if (typeof value === 'string' || value === null) return [];
  const given = Array.isArray(value)
    ? 'an array'
    : typeof value === 'object'
      ? 'an object'
      : `a ${typeof value}`;
  const hint = typeof value === 'number' || typeof value === 'boolean' ? 'put it in quotes' : undefined;
  return [mistakeAt(path, { given, wanted: 'a string, or null to unset it', hint })];
}
