import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GuardedPlan, GuardedUser } from './guarded-plan.ts';

/** Another user may not get into a TMPDIR of ours. */
export function newGuardedFolder(user?: GuardedUser): string {
  return join(user ? '/tmp' : tmpdir(), `live-worker-services-${randomBytes(6).toString('hex')}`);
}

export function makeGuardedFolder({ folder, files, user }: GuardedPlan): void {
  mkdirSync(folder, { mode: 0o700 });
  if (user) chownSync(folder, user.uid, user.gid);
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    if (user) chownSync(path, user.uid, user.gid);
  }
  writeFileSync(join(folder, 'guardian.pid'), `${process.pid}\n`);
}
