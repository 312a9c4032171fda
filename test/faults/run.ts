import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

/**
 * `npm run test:faults`: every test of a fault FAULT_ROUNDS times, then Jest killed at FAULT_MOMENTS random moments, and as often
 * the supervisor, watchdogs and Jest in every order.
 */
const rounds = Number(process.env.FAULT_ROUNDS ?? 20);
const moments = process.env.FAULT_MOMENTS ?? '300';
const roundLimitMs = 15 * 60_000;
const killsLimitMs = 90 * 60_000;
const repository = resolve(__dirname, '../..');

function runJest(
  args: readonly string[],
  timeout: number,
  env: Readonly<Record<string, string>> = {},
): boolean {
  const jest = join(repository, 'node_modules', 'jest', 'bin', 'jest.js');
  const { status } = spawnSync(process.execPath, [jest, ...args], {
    cwd: repository,
    env: { ...process.env, ...env },
    stdio: 'inherit',
    timeout,
  });
  return status === 0;
}

const failedRounds: number[] = [];
for (let round = 1; round <= rounds; round += 1) {
  process.stderr.write(`round ${round} of ${rounds}\n`);
  if (!runJest(['-t', 'FAULT', '--testPathIgnorePatterns', '-kills'], roundLimitMs)) failedRounds.push(round);
}
const areAllGone = ['random-kills', 'supervisor-kills']
  .map(name => runJest([`test/faults/${name}`], killsLimitMs, { FAULT_MOMENTS: moments }))
  .every(areGone => areGone);
process.stderr.write(
  `${rounds - failedRounds.length} of ${rounds} rounds passed; failed: ${failedRounds.join(', ') || 'none'}\n`,
);
process.exitCode = failedRounds.length === 0 && areAllGone ? 0 : 1;
