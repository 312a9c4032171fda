/** A jest.config.js whose workers are written as JavaScript; `W` is the folder of the fixture workers. */
export function configFile(
  workers: string,
  rest: { readonly session?: string; readonly jest?: string } = {},
): string {
  return `
const probes = require('jest-environment-live-worker/config');
const { rabbitmq, postgres, http, tcp, file, socket, log, notify, command } = probes;
const { WORKERS_DIR: W, TASK_QUEUE, TASK_TABLE } = process.env;
module.exports = {
  testEnvironment: 'live-worker',
  cacheDirectory: process.env.E2E_CACHE,
  transform: {},
  ${rest.jest ?? ''}
  testEnvironmentOptions: probes.defineLiveWorkers({ ${rest.session ?? ''} workers: { ${workers} } }),
};
`;
}

/** The Node worker that takes tasks, as most projects of the suite use it. */
export const opsWorker = `
ops: {
  command: ['node', W + '/amqplib-worker.mjs'],
  env: { TASK_QUEUE, TASK_TABLE },
  ready: [rabbitmq({ queues: [TASK_QUEUE] }), postgres({ table: TASK_TABLE })],
},`;

/** What every test file of the suite starts with. */
export const fixtures = `
const { liveWorker, rabbitmq, postgres, eventually, isLiveWorkerError } = require('jest-environment-live-worker/fixtures');
const { TASK_QUEUE, TASK_TABLE, WORKERS_DIR } = process.env;
const caught = promise => promise.then(() => { throw new Error('expected a rejection'); }, error => error);
`;
