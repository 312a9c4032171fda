import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { venv } from '../readme/project-of-readme.ts';
import { configFile, fixtures } from './harness/config-file.ts';
import { withProject } from './harness/project.ts';

jest.setTimeout(90_000);

const app = `
import os
from celery import Celery

app = Celery("shop", broker=os.environ["RABBITMQ_URL"], backend="rpc://")
app.conf.update(worker_enable_remote_control=False, task_track_started=True, task_default_queue=os.environ["TASK_QUEUE"])

@app.task(name="shop.price")
def price(sku, amount=1):
    if sku == "unknown":
        raise ValueError(f"no such article: {sku}")
    return {"sku": sku, "price": 12 * amount}

@app.task(name="shop.silent", ignore_result=True)
def silent():
    print("SILENT", flush=True)
`;

test('a Celery worker is called, and its result or its exception comes back', () =>
  withProject(
    {
      'app.py': app,
      'jest.config.js': configFile(`
      shop: {
        command: ['python', '-m', 'celery', '-A', 'app', 'worker', '-c', '1', '--without-gossip', '--without-mingle', '--without-heartbeat'],
        env: { TASK_QUEUE },
        ready: [rabbitmq({ queues: [TASK_QUEUE] })],
      },`),
      'a.test.js': `${fixtures}
      const { celeryTask } = require('jest-environment-live-worker/fixtures');
      jest.setTimeout(15_000);
      const call = (...task) => rabbitmq().call(TASK_QUEUE, celeryTask(...task));
      test('result', async () => {
        const { content, properties } = await call('shop.price', ['teapot'], { amount: 2 });
        expect(content).toStrictEqual({ sku: 'teapot', price: 24 });
        expect(properties.correlationId).toEqual(expect.any(String));
        expect((await Promise.all([1, 2, 3].map(amount => call('shop.price', ['cup', amount])))).map(({ content }) => content.price)).toEqual([12, 24, 36]);
      });
      test('exception', async () => {
        const error = await caught(call('shop.price', ['unknown']));
        expect(error).toMatchObject({ code: 'CALL_FAILED', details: { error: { status: 'FAILURE', traceback: expect.stringContaining('app.py') } } });
        expect(error.message).toBe('The worker answered the call of queue "' + TASK_QUEUE + '" with an error: ValueError: no such article: unknown');
      });
      test('no result', async () => {
        const error = await caught(rabbitmq().call(TASK_QUEUE, celeryTask('shop.silent'), { timeoutMs: 1_000 }));
        expect(error).toMatchObject({ code: 'WAIT_TIMEOUT', message: expect.stringContaining('where the task does not ignore its result') });
        await rabbitmq().publish(TASK_QUEUE, celeryTask('shop.silent'));
        await eventually(() => expect(liveWorker('shop').logs.sinceTestStart().match(/SILENT/g)).toHaveLength(2));
      });`,
    },
    async project => {
      symlinkSync(venv, join(project.folder, '.venv'));
      const { code, output } = await project.run();
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    },
  ));
