import { isAbsolute, join } from 'node:path';
import { didYouMean } from '../../text/find-nearest-name.ts';
import { listOf, listUncheckedWorkers, type UncheckedWorker } from '../list-unchecked-workers.ts';
import { type Mistake, mistakeAt } from '../mistake.ts';
import { isObject } from '../schema/container-schemas.ts';
import { isVariableName } from '../schema/text-schemas.ts';
import { truncate } from '../truncate.ts';

/** What `${slot.…}` may name. */
const slotNames = ['database', 'vhost'] as const;

/** Checks that what is said of `isolate` goes together, and with the workers. */
export function checkIsolate(options: unknown): readonly Mistake[] {
  if (!isObject(options)) return [];
  const { isolate } = options;
  if (isolate !== true && !isObject(isolate)) return [];
  return [
    ...(isObject(isolate) ? [...checkPrepare(isolate), ...checkEnv(isolate)] : []),
    ...listUncheckedWorkers(options).flatMap(worker => checkWorker(worker)),
  ];
}

function checkPrepare({ postgres }: Readonly<Record<string, unknown>>): readonly Mistake[] {
  if (!isObject(postgres)) return [];
  const { prepare, inputs } = postgres;
  const path = ['isolate', 'postgres', 'inputs'];
  if (inputs === undefined || (Array.isArray(inputs) && inputs.length === 0)) {
    if (prepare === undefined) return [];
    const hint = "name the files that it reads: ['migrations/**']";
    return [mistakeAt(path, { given: 'nothing beside prepare', wanted: 'an array of globs', hint })];
  }
  if (prepare === undefined) {
    const hint = 'without it the database in the URL is copied';
    return [mistakeAt(path, { given: 'globs without prepare', wanted: 'none without the command', hint })];
  }
  return listOf(inputs).flatMap((glob, index) => {
    if (typeof glob !== 'string' || !leadsOut(glob)) return [];
    const given = truncate(JSON.stringify(glob));
    return [mistakeAt([...path, index], { given, wanted: 'a glob of files below rootDir' })];
  });
}

function leadsOut(glob: string): boolean {
  const positive = glob.replace(/^!/, '');
  return isAbsolute(positive) || join(positive).split('/')[0] === '..';
}

function checkEnv({ env }: Readonly<Record<string, unknown>>): readonly Mistake[] {
  if (!isObject(env)) return [];
  return Object.entries(env).flatMap(([name, text]) => {
    const path = ['isolate', 'env', name];
    if (!isVariableName(name))
      return [mistakeAt(path, { given: 'this name', wanted: 'the name of a variable' })];
    return typeof text === 'string' ? referencesIn(text).flatMap(found => checkReference(found, path)) : [];
  });
}

function referencesIn(text: string): readonly string[] {
  return [...text.matchAll(/\$\{([^}]*)\}/g)].map(([, found = '']) => found);
}

function checkReference(reference: string, path: readonly string[]): readonly Mistake[] {
  const name = /^slot\.(.*)$/.exec(reference)?.[1];
  if (name !== undefined && (slotNames as readonly string[]).includes(name)) return [];
  const known = slotNames.map(one => `slot.${one}`);
  const hint = didYouMean(reference, known) ?? "variables of the worker go into the worker's own env";
  const given = truncate(JSON.stringify(`\${${reference}}`));
  return [mistakeAt(path, { given, wanted: known.map(one => `"\${${one}}"`).join(' or '), hint })];
}

function checkWorker([name, { attach, ready }]: UncheckedWorker): readonly Mistake[] {
  const path = ['workers', name];
  const attached = 'it runs already, on the database and the vhost that it was started with';
  const shared = 'files that are isolated take no turns on a queue: leave it out';
  return [
    ...(attach === true
      ? [mistakeAt([...path, 'attach'], { given: 'true beside isolate', wanted: 'false', hint: attached })]
      : []),
    ...listOf(ready).flatMap((probe, index) =>
      isObject(probe) && probe.share === true
        ? [
            mistakeAt([...path, 'ready', index, 'share'], {
              given: 'true beside isolate',
              wanted: 'false',
              hint: shared,
            }),
          ]
        : [],
    ),
  ];
}
