import { identifyRun, runName } from './run-identity.ts';

/** Jest's own processes inherit it from the one the reporter is in; no worker gets it. */
export const reporterVariable = 'LIVE_WORKER_REPORTER';

/** This run has the reporter: its processes know even if the supervisor it spoke to is lost. */
export function markReporter(): void {
  process.env[reporterVariable] = runName(identifyRun());
}

/** A Jest that a worker starts is another run. */
export function hasReporter(): boolean {
  return process.env[reporterVariable] === runName(identifyRun());
}
