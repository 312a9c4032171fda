import { parentPort, workerData } from 'node:worker_threads';
import type { TapOrder, TapThreadData } from './tap-messages.ts';
import { TapThread } from './tap-thread.ts';

const { sights, sent } = workerData as TapThreadData;
const count = new Int32Array(sent);

const thread = new TapThread({
  report: report => parentPort?.postMessage(report),
  show(sight) {
    sights.postMessage(sight);
    Atomics.add(count, 0, 1);
    Atomics.notify(count, 0);
  },
});
parentPort?.on('message', (order: TapOrder) => thread.obey(order));
