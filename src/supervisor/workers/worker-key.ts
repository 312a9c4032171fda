import { createHash } from 'node:crypto';
import type { LaunchPlan } from '../../launch/plan.ts';
import type { WorkerSpec } from '../../options/options.ts';

/** What differs from process to process and from file to file, and changes nothing about a worker. */
const ignored = new Set([
  'PGAPPNAME',
  'PWD',
  'OLDPWD',
  'SHLVL',
  '_',
  'TERM',
  'TERM_SESSION_ID',
  'WINDOWID',
  'COLUMNS',
  'LINES',
]);
const ignoredPrefixes = ['LIVE_WORKER_', 'VSCODE_', 'TERM_PROGRAM'];

/**
 * The same for launches that would be the very same. Its ports are left out: each launch gets its own.
 *
 * @param plan with the same number for every port
 */
export function workerKey(spec: WorkerSpec, plan: LaunchPlan, jestNode: string): string {
  const { echo, startTimeoutMs, watch, ...launched } = spec;
  const env = Object.entries(plan.env)
    .filter(([name]) => !ignored.has(name) && !ignoredPrefixes.some(prefix => name.startsWith(prefix)))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const { file, args, cwd } = plan;
  return createHash('sha256')
    .update(JSON.stringify({ launched, file, args, cwd, env, jestNode }))
    .digest('hex');
}
