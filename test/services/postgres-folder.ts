import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import which from 'which';

/** Where initdb and postgres of this machine are. */
export function postgresFolder(): string {
  const found = which.sync('postgres', { nothrow: true });
  if (found) return dirname(found);
  const [newest = ''] = readdirSync('/usr/lib/postgresql').sort((one, other) => Number(other) - Number(one));
  return `/usr/lib/postgresql/${newest}/bin`;
}
