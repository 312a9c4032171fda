import { identifyRun } from './run-identity.ts';

/** Of Jest's own names, so that no worker inherits it. */
const variable = 'JEST_LIVE_WORKER_REPORTER';

/** Jest's processes for test files, started after this, know that a report is going to be written. */
export function announceReport(): void {
  process.env[variable] = String(process.pid);
}

/** False in a Jest that a test of another run has started: it inherits the variable. */
export function isReportAnnounced(): boolean {
  return process.env[variable] === String(identifyRun().pid);
}
