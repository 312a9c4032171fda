import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LiveWorkerError } from '../../errors.ts';
import { listParents } from '../../files/list-parents.ts';
import type { WorkerSpec } from '../../options/options.ts';
import { formatWords } from '../../options/schema/command-schema.ts';
import { launchError } from '../launch-error.ts';
import { type FoundWatcher, findWatcher } from './find-watcher.ts';

/**
 * A watcher lives on when its program dies, so its end tells nothing of the program's.
 *
 * @throws COMMAND_WATCHES
 */
export function refuseWatcher(spec: WorkerSpec, cwd: string): void {
  if (mayWatch(spec)) return;
  const { name, command, shell } = spec;
  const words = shell ? ['sh', '-c', ...command] : command;
  const found = findWatcher(words, { readScript: script => readScript(script, cwd) });
  if (found) throw watcherRefused(name, found);
}

/** With `onExit: 'ignore'` the user has agreed not to hear of the program's end. */
export function mayWatch(spec: WorkerSpec): boolean {
  return spec.onExit === 'ignore' || spec.mayWatch === true;
}

/** @param where how it was come upon: `pid 7, "node nodemon worker.js"` */
export function watcherRefused(worker: string, found: FoundWatcher, where?: string): LiveWorkerError {
  const { name, without, script } = found;
  const foundIn = where ?? (script === undefined ? undefined : `the script "${script}" of package.json`);
  const named = `${name}${foundIn === undefined ? '' : ` (${foundIn})`}`;
  const instead = without
    ? `Run the program itself: command: ${formatWords(without)}`
    : 'Run the program that it runs itself';
  return launchError('COMMAND_WATCHES', worker, {
    what: `${named} stays alive when the program it runs ends, so that its death would fail no test`,
    next: `${instead}\nor set onExit: 'ignore' if its death does not matter`,
    details: { watcher: name, without: without ?? null },
  });
}

/** Of the nearest package.json. */
function readScript(name: string, cwd: string): string | undefined {
  for (const folder of listParents(cwd)) {
    const text = readText(join(folder, 'package.json'));
    if (text === undefined) continue;
    try {
      const { scripts } = JSON.parse(text) as { readonly scripts?: Readonly<Record<string, unknown>> };
      const script = scripts?.[name];
      return typeof script === 'string' ? script : undefined;
    } catch {
      return undefined;
    }
  }
  return undefined;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
