import type { LiveWorkersSpec } from '../options/options.ts';
import { optionsInvalid } from '../options/options-invalid.ts';
import { findNearestName } from '../text/find-nearest-name.ts';

const told = new Set<string>();

/**
 * Adds those that `LIVE_WORKER_ATTACH=ops,api` names to those that are attached to by option.
 *
 * @throws OPTIONS_INVALID beside `isolate`
 */
export function attachWanted(
  spec: LiveWorkersSpec,
  list: string | undefined = process.env.LIVE_WORKER_ATTACH,
): LiveWorkersSpec {
  const wanted = (list ?? '').split(/[\s,]+/).filter(name => name !== '');
  tellSlips(
    wanted,
    spec.workers.map(({ name }) => name),
  );
  refuseIsolated(spec, wanted);
  return {
    ...spec,
    workers: spec.workers.map(worker => ({
      ...worker,
      attach: worker.attach || wanted.includes(worker.name),
    })),
  };
}

/** It runs already, on what everybody shares. */
function refuseIsolated({ isolate, workers }: LiveWorkersSpec, wanted: readonly string[]): void {
  const attached = isolate && workers.find(({ name }) => wanted.includes(name));
  if (!attached) return;
  throw optionsInvalid('Cannot attach to a worker', [
    {
      path: 'LIVE_WORKER_ATTACH',
      given: `"${attached.name}" beside isolate`,
      wanted: 'nothing',
      hint: 'a worker that runs already uses what the test files would not share: leave isolate out while you debug',
    },
  ]);
}

/** Another file or project may have it, so it is no error; but who misspelt it waits for a worker that starts after all. */
function tellSlips(wanted: readonly string[], names: readonly string[]): void {
  for (const name of wanted) {
    const nearest = names.includes(name) ? undefined : findNearestName(name, names);
    if (nearest === undefined || told.has(name)) continue;
    told.add(name);
    process.stderr.write(
      `live-worker: LIVE_WORKER_ATTACH names "${name}", which this test file does not have; did you mean "${nearest}"?\n`,
    );
  }
}
