import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';

const policyFile = '/usr/sbin/policy-rc.d';
const savedFile = `${policyFile}.before-live-worker`;

/** Debian starts what it installs unless this file says no; the one that was there comes back, also after a crash. */
export async function withoutStartingServices<T>(install: () => Promise<T>): Promise<T> {
  if (existsSync(policyFile) && !existsSync(savedFile)) renameSync(policyFile, savedFile);
  writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return await install();
  } finally {
    rmSync(policyFile, { force: true });
    if (existsSync(savedFile)) renameSync(savedFile, policyFile);
  }
}
