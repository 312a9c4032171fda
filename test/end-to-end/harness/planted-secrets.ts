import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A secret nobody else has, which a URL, JSON and a shell each write in their own way. */
export function plant(name: string): string {
  return `${name}/${randomBytes(6).toString('hex')}@"x`;
}

/** Of several lines, as a private key is. */
export function plantKey(): string {
  const lines = Array.from({ length: 4 }, () => randomBytes(24).toString('hex'));
  return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----'].join('\n');
}

/** The names of those of the secrets, or lines of them, that can be read in a text, in whatever form, be it only their beginning. */
export function findSecrets(secrets: Readonly<Record<string, string>>, text: string): readonly string[] {
  return Object.entries(secrets).flatMap(([name, secret]) => {
    const found = secret
      .split('\n')
      .filter(line => !line.startsWith('-----'))
      .some(line => text.includes(/[\da-f]{12,}/.exec(line)?.[0].slice(0, 8) ?? line));
    return found ? [name] : [];
  });
}

/** All that was written under `.live-worker`, but for what the workers wrote themselves; by path. */
export function readRecords(folder: string): Readonly<Record<string, string>> {
  const base = join(folder, '.live-worker');
  const files = readdirSync(base, { recursive: true, withFileTypes: true }).filter(
    entry => entry.isFile() && !/\.std(?:out|err)\.log$/.test(entry.name),
  );
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(base.length + 1), readFileSync(path, 'utf8')];
    }),
  );
}
