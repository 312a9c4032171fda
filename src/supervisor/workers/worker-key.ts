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

/** All of a launch that makes it the very same as another one. */
export interface LaunchIdentity {
  readonly options: Readonly<Record<string, unknown>>;
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly jestNode: string;
}

/**
 * Its ports are left out: each launch gets its own.
 *
 * @param plan with the same number for every port
 */
export function identifyLaunch(spec: WorkerSpec, plan: LaunchPlan, jestNode: string): LaunchIdentity {
  const { echo, leftover, startTimeoutMs, watch, ...options } = spec;
  const env = Object.entries(plan.env)
    .filter(([name]) => !ignored.has(name) && !ignoredPrefixes.some(prefix => name.startsWith(prefix)))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const { file, args, cwd } = plan;
  return { options, file, args, cwd, env: Object.fromEntries(env), jestNode };
}

/** The same for launches that would be the very same. */
export function workerKey(identity: LaunchIdentity): string {
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
}
