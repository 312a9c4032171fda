import { asksForOwnWorkers, checkPragmas, namesInPragma, type Pragmas } from './checks/check-pragmas.ts';
import type { LiveWorkersSpec, WorkerSpec } from './options.ts';
import { optionsInvalid } from './options-invalid.ts';

/**
 * The workers one test file asks for by its pragma `@live-worker ops api`, and those they wait for by `after`. `none`
 * asks for none; a file without the pragma gets all. With `@live-worker-scope file` it shares none of them.
 *
 * @throws OPTIONS_INVALID when the pragma is misspelt, empty, or names what there is not.
 */
export function selectWorkers(spec: LiveWorkersSpec, pragmas: Pragmas, testPath: string): LiveWorkersSpec {
  const names = spec.workers.map(({ name }) => name);
  const mistakes = checkPragmas(pragmas, names);
  if (mistakes.length > 0) {
    throw optionsInvalid(`Cannot choose the workers of ${testPath}`, mistakes, { testPath });
  }
  const selected = withRequired(namesInPragma(pragmas) ?? names, spec.workers);
  const workers = spec.workers.filter(({ name }) => selected.has(name));
  if (!asksForOwnWorkers(pragmas)) return { ...spec, workers };
  return { ...spec, workers: workers.map(worker => ({ ...worker, scope: 'file' as const })) };
}

function withRequired(names: readonly string[], workers: readonly WorkerSpec[]): ReadonlySet<string> {
  const after = new Map(workers.map(worker => [worker.name, worker.after]));
  const selected = new Set(names);
  // A set iterates over what is added to it on the way.
  for (const name of selected) {
    for (const required of after.get(name) ?? []) selected.add(required);
  }
  return selected;
}
