import { listUncheckedWorkers, type UncheckedWorker } from '../list-unchecked-workers.ts';
import { type Mistake, mistakeAt } from '../mistake.ts';
import { isObject } from '../schema/container-schemas.ts';
import { sourcesOfServers } from '../services-options.ts';

/** Checks that servers that may be started for the run go together with the workers, and with what is to be kept on them. */
export function checkServices(options: unknown): readonly Mistake[] {
  if (!isObject(options) || !isObject(options.services)) return [];
  const started = Object.entries(options.services).filter(([, source]) => isStarted(source));
  if (started.length === 0) return [];
  const workers = listUncheckedWorkers(options);
  return [
    ...(workers.length === 0 ? started.map(([kind, source]) => unused(kind, source)) : []),
    ...workers.flatMap(checkWorker),
    ...started.flatMap(([kind, source]) => checkKeepFailed(options, kind, source)),
  ];
}

function isStarted(source: unknown): boolean {
  return (sourcesOfServers as readonly unknown[]).includes(source);
}

function unused(kind: string, source: unknown): Mistake {
  const hint = 'it is started for workers: name one, or leave it out';
  return mistakeAt(['services', kind], {
    given: `${JSON.stringify(source)} without workers`,
    wanted: 'a worker that uses it',
    hint,
  });
}

function checkWorker([name, { attach }]: UncheckedWorker): readonly Mistake[] {
  if (attach !== true) return [];
  const hint = 'it runs already, on the servers that it was started with';
  return [mistakeAt(['workers', name, 'attach'], { given: 'true beside services', wanted: 'false', hint })];
}

/** With the server goes what is kept on it. */
function checkKeepFailed(
  { isolate, keepAliveMs }: Readonly<Record<string, unknown>>,
  kind: string,
  source: unknown,
): readonly Mistake[] {
  if (source === 'auto' || !isObject(isolate) || isolate.keepFailed !== true) return [];
  if (typeof keepAliveMs === 'number' && keepAliveMs > 0) return [];
  return [
    mistakeAt(['isolate', 'keepFailed'], {
      given: `true beside services.${kind}: ${JSON.stringify(source)}`,
      wanted: 'a server that outlives the run',
      hint: 'set keepAliveMs, for as long as you want to look at what is kept',
    }),
  ];
}
