export { LiveWorkerReporter as default } from './jest/live-worker-reporter.ts';
