import { identifyRun, runName } from './run-identity.ts';

/** Of Jest's own names, so that no worker inherits it. */
const variable = 'JEST_LIVE_WORKER_REPORTER';

/** This run has the reporter: its processes for test files, started after this, know, even if the supervisor it speaks to is lost. */
export function markReporter(): void {
  process.env[variable] = runName(identifyRun());
}

/** False in a Jest that a test of another run has started: it inherits the variable. */
export function hasReporter(): boolean {
  return process.env[variable] === runName(identifyRun());
}
