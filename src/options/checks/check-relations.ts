import { didYouMean } from '../../text/find-nearest-name.ts';
import { findCycles } from '../find-cycles.ts';
import { listOf, listUncheckedWorkers, type UncheckedWorker } from '../list-unchecked-workers.ts';
import { type Mistake, mistakeAt } from '../mistake.ts';
import { oneOf } from '../schema/text-schemas.ts';
import { truncate } from '../truncate.ts';
import { checkWatch } from './check-watch.ts';

/** Checks that `after` names other workers, in no circle, and that what is said about restarts and scopes goes together. */
export function checkRelations(options: unknown): readonly Mistake[] {
  const workers = listUncheckedWorkers(options);
  const names = workers.map(([name]) => name);
  return [
    ...workers.flatMap(worker => [
      ...checkAfter(worker, names),
      ...checkRestart(worker),
      ...checkLeftover(worker),
      ...checkTap(worker),
      ...checkCoverage(worker),
      ...checkOtel(worker),
      ...checkWatch(worker),
    ]),
    ...checkCycles(workers),
  ];
}

function checkRestart([
  worker,
  { attach, onExit, restartLimit, scope },
]: UncheckedWorker): readonly Mistake[] {
  if (onExit === 'restart') {
    if (scope === 'run' && attach !== true) return [restartOfRun(worker)];
    if (attach !== true) return [];
    const hint = 'with attach: true another process starts it, and does not start it again';
    return [
      mistakeAt(['workers', worker, 'onExit'], {
        given: '"restart" beside attach: true',
        wanted: '"fail" or "ignore"',
        hint,
      }),
    ];
  }
  if (restartLimit === undefined) return [];
  return [
    mistakeAt(['workers', worker, 'restartLimit'], {
      given: 'a limit of restarts',
      wanted: "none without onExit: 'restart'",
    }),
  ];
}

function checkLeftover([worker, { attach, leftover, scope }]: UncheckedWorker): readonly Mistake[] {
  if (leftover === undefined || (scope === 'run' && attach !== true)) return [];
  const place = attach === true ? 'beside attach: true' : 'without scope: "run"';
  return [
    mistakeAt(['workers', worker, 'leftover'], {
      given: `${truncate(JSON.stringify(leftover) ?? '')} ${place}`,
      wanted: 'none',
      hint: 'it is about messages that a worker of the run leaves when it dies',
    }),
  ];
}

function checkTap([worker, { attach, tap }]: UncheckedWorker): readonly Mistake[] {
  if (tap === undefined || tap === false || attach !== true) return [];
  return [
    mistakeAt(['workers', worker, 'tap'], {
      given: `${tap === true ? 'true' : 'an object'} beside attach: true`,
      wanted: 'none',
      hint: 'a worker that another process started has its connections already',
    }),
  ];
}

function checkCoverage([worker, { attach, coverage }]: UncheckedWorker): readonly Mistake[] {
  if (coverage !== true || attach !== true) return [];
  return [
    mistakeAt(['workers', worker, 'coverage'], {
      given: 'true beside attach: true',
      wanted: 'none',
      hint: 'what is to measure a worker has to be there when it is started',
    }),
  ];
}

function checkOtel([worker, { attach, otel }]: UncheckedWorker): readonly Mistake[] {
  if (otel !== true || attach !== true) return [];
  return [
    mistakeAt(['workers', worker, 'otel'], {
      given: 'true beside attach: true',
      wanted: 'none',
      hint: 'a worker that another process started has its variables already',
    }),
  ];
}

function restartOfRun(worker: string): Mistake {
  return mistakeAt(['workers', worker, 'onExit'], {
    given: '"restart" beside scope: "run"',
    wanted: '"fail" or "ignore"',
    hint: 'the next file gets a fresh worker in any case',
  });
}

function checkAfter([worker, { after }]: UncheckedWorker, names: readonly string[]): readonly Mistake[] {
  const others = names.filter(name => name !== worker);
  return listOf(after).flatMap((name, index) => {
    if (typeof name !== 'string' || others.includes(name)) return [];
    const wanted = others.length === 0 ? 'nothing, as there is no other worker' : oneOf(others);
    const hint = name === worker ? 'a worker cannot wait for itself' : didYouMean(name, others);
    const given = truncate(JSON.stringify(name));
    return [mistakeAt(['workers', worker, 'after', index], { given, wanted, hint })];
  });
}

function checkCycles(workers: readonly UncheckedWorker[]): readonly Mistake[] {
  const edges = new Map(workers.map(([name, { after }]) => [name, othersIn(listOf(after), name)]));
  return findCycles(edges).map(cycle => {
    const given = truncate(`the circle ${cycle.join(' → ')}`);
    return mistakeAt(['workers', cycle[0] ?? '', 'after'], { given, wanted: 'an order without circles' });
  });
}

function othersIn(after: readonly unknown[], worker: string): readonly string[] {
  return after.filter(name => typeof name === 'string').filter(name => name !== worker);
}
