import { listPath } from '../launch/executable/find-on-path.ts';
import type { LaunchPlan } from '../launch/plan.ts';
import type { CommandContext } from './command-result.ts';

/** Two PATHs, folder by folder. */
export interface PathDifference {
  readonly isSame: boolean;
  readonly onlyWorker: readonly string[];
  readonly onlyShell: readonly string[];
}

export function comparePaths(plan: LaunchPlan, { cwd, shellEnv }: CommandContext): PathDifference {
  const worker = listPath(plan);
  const shell = listPath({ cwd, env: shellEnv });
  return {
    isSame: worker.join('\n') === shell.join('\n'),
    onlyWorker: worker.filter(folder => !shell.includes(folder)),
    onlyShell: shell.filter(folder => !worker.includes(folder)),
  };
}
