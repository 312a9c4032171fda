import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { LiveWorkerError } from '../../../errors.ts';

/** What belongs to one vhost; users, vhosts, permissions are the broker's own affair. */
const placed = ['queues', 'exchanges', 'bindings', 'policies', 'parameters'];

type Entry = Readonly<Record<string, unknown>>;

/**
 * The definitions of a file, without those of other vhosts, ready to be imported into any. A file that was exported for one vhost
 * names none.
 *
 * @throws OPTIONS_INVALID
 */
export function readDefinitions(path: string, rootDir: string, vhost: string): object {
  const file = resolve(rootDir, path);
  const definitions = parse(file, path);
  const own = placed.map(kind => {
    const entries: unknown = definitions[kind];
    const list = Array.isArray(entries) ? (entries as readonly Entry[]) : [];
    return [
      kind,
      list
        .filter(entry => entry.vhost === undefined || entry.vhost === vhost)
        .map(({ vhost: _, ...entry }) => entry),
    ] as const;
  });
  if (own.every(([, entries]) => entries.length === 0))
    throw unusable(path, `it defines nothing in vhost "${vhost}", the one in the URL`);
  return Object.fromEntries(own);
}

function parse(file: string, path: string): Entry {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Entry;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw unusable(
      path,
      code === undefined ? `it is no JSON: ${message}` : `${file} cannot be read (${code})`,
    );
  }
  throw unusable(path, 'it holds no object');
}

function unusable(path: string, why: string): LiveWorkerError {
  return new LiveWorkerError(
    'OPTIONS_INVALID',
    `Cannot use isolate.rabbitmq.definitions "${path}": ${why}\nGive a file as rabbitmqctl export_definitions writes it, by its path from rootDir`,
    { details: { path } },
  );
}
