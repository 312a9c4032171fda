/**
 * One test file's session whose worker is to join the server at ECHO_URL, in a process of its own, because execa cannot be
 * loaded in Jest's sandbox. Prints what came of it as JSON.
 *
 *     ECHO_URL=… STAYS_AWAY=1 node -r esbuild-register test/service/echo/use-echo.ts ROOT_DIR
 */
import { join, resolve } from 'node:path';
import { isLiveWorkerError } from '../../../src/errors.ts';
import type { WorkerSpec } from '../../../src/options/options.ts';
import { serviceKinds } from '../../../src/service/service-kinds.ts';
import { createBridge } from '../../../src/session/bridge.ts';
import { TestFileSession } from '../../../src/session/test-file-session.ts';
import { workerSpec } from '../../launch/worker-spec.ts';
import { echo } from './echo.ts';

const [, , rootDir = ''] = process.argv;
const probe = { kind: 'echo', members: 1 } as unknown as WorkerSpec['ready'][number];
const worker = workerSpec({
  command: ['node', resolve(__dirname, '../../../fixtures/workers/joins-echo.mjs')],
  ready: [probe],
  startTimeoutMs: process.env.STAYS_AWAY ? 1_500 : 30_000,
});
const session = new TestFileSession({
  spec: { workers: [worker], gate: 'tests', services: {}, keepAliveMs: 0 },
  defined: ['ops'],
  rootDir,
  testPath: join(rootDir, 'a.test.js'),
  serviceKinds: { ...serviceKinds, echo },
  loadModule: () => Promise.resolve(undefined),
});

use()
  .catch(error =>
    isLiveWorkerError(error) ? { code: error.code, message: error.message } : { message: String(error) },
  )
  .then(async outcome => {
    await session.end();
    console.log(JSON.stringify(outcome));
  });

async function use(): Promise<object> {
  await session.prepare();
  await session.launch();
  await session.untilReady();
  const bridge = createBridge(session);
  const url = bridge.serviceUrl('echo', {});
  const answer = await bridge.callService('echo', process.env.ECHO_URL ?? '', 'say', ['hello']);
  return { url, answer, scene: await session.describeFailureContext() };
}
