import type { OptionPath } from '../format-path.ts';
import { listOf, listUncheckedWorkers } from '../list-unchecked-workers.ts';
import { type Mistake, mistakeAt } from '../mistake.ts';
import { isObject } from '../schema/container-schemas.ts';
import { truncate } from '../truncate.ts';

/** Checks that no worker has a second `notify`, no probe a queue twice, and none purges what it shares. */
export function checkProbes(options: unknown): readonly Mistake[] {
  return listUncheckedWorkers(options).flatMap(([name, { ready }]) => {
    const path = ['workers', name, 'ready'];
    const probes = listOf(ready);
    return [
      ...checkNotify(probes, path),
      ...probes.flatMap((probe, index) => checkQueues(probe, [...path, index])),
      ...probes.flatMap((probe, index) => checkPurge(probe, [...path, index])),
    ];
  });
}

function checkNotify(probes: readonly unknown[], path: OptionPath): readonly Mistake[] {
  const indexes = [...probes.keys()].filter(index => isProbe(probes[index], 'notify'));
  const hint = `ready[${indexes[0]}] is one already`;
  return indexes
    .slice(1)
    .map(index => mistakeAt([...path, index], { given: 'a second notify', wanted: 'one at most', hint }));
}

function checkQueues(probe: unknown, path: OptionPath): readonly Mistake[] {
  if (!isProbe(probe, 'rabbitmq')) return [];
  const queues = listOf(probe.queues);
  return queues.flatMap((queue, index) => {
    const first = queues.indexOf(queue);
    if (typeof queue !== 'string' || first === index) return [];
    const given = truncate(JSON.stringify(queue));
    const hint = `it is queues[${first}] already`;
    return [mistakeAt([...path, 'queues', index], { given, wanted: 'each queue once', hint })];
  });
}

function checkPurge(probe: unknown, path: OptionPath): readonly Mistake[] {
  if (!isProbe(probe, 'rabbitmq') || probe.purge !== true || probe.share !== true) return [];
  const hint = 'with share: true other test files may use the queues at the same time';
  return [mistakeAt([...path, 'purge'], { given: 'true', wanted: 'false', hint })];
}

function isProbe(probe: unknown, kind: string): probe is Readonly<Record<string, unknown>> {
  return isObject(probe) && probe.kind === kind;
}
