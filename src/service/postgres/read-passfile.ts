import { readFileSync, statSync } from 'node:fs';
import type { DatabaseAddress } from './database-address.ts';

/**
 * The password of the first line that matches, or undefined. As with libpq, a file that is not there or that others may
 * read counts for nothing.
 *
 * Source: PostgreSQL manual, 34.16, "The Password File".
 */
export function readPassfile(path: string, address: DatabaseAddress): string | undefined {
  const host = address.host.startsWith('/') ? [address.host, 'localhost'] : [address.host];
  const wanted = [host, [String(address.port)], [address.database], [address.user]];
  const lines = readPrivate(path)?.split(/\r?\n/) ?? [];
  return lines
    .filter(line => !line.startsWith('#'))
    .map(line => splitLine(line))
    .find(
      fields =>
        fields.length === 5 &&
        wanted.every((values, index) => fields[index] === '*' || values.includes(fields[index] as string)),
    )?.[4];
}

/** Why a file counts for nothing, for a message. */
export function describePassfile(path: string): string {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) return 'is no file';
    return (stats.mode & 0o077) === 0
      ? 'has no line for it'
      : 'may be read by others, so it does not count: chmod 600';
  } catch (error) {
    return `cannot be read (${(error as NodeJS.ErrnoException).code})`;
  }
}

function readPrivate(path: string): string | undefined {
  try {
    const stats = statSync(path);
    const isOpen = process.platform !== 'win32' && (stats.mode & 0o077) !== 0;
    return stats.isFile() && !isOpen ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

function splitLine(line: string): readonly string[] {
  const fields = [...line.matchAll(/((?:\\.|[^:\\])*)(:|$)/g)].map(([, field = '']) => field);
  return fields.slice(0, 5).map(field => field.replace(/\\(.)/g, '$1'));
}
