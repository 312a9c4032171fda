import { configFile, fixtures } from './harness/config-file.ts';
import { asking, coveredFiles, lineCounts, measuredConfig } from './harness/measured-project.ts';
import { withProject } from './harness/project.ts';
import type { JestRun } from './harness/start-jest.ts';
import { withSupervisedProject } from './harness/supervised-project.ts';

jest.setTimeout(120_000);

const python = `${process.env.LIVE_WORKER_TEST_VENV}/bin/python`;
const coverage = ['--coverage'];
const providers = [['babel'], ['v8']] as const;

const price = `"""Prices."""


def total(lines):
    """Adds them up."""
    if not lines:
        return 0
    return sum(lines)


def never():
    return 1


class Basket:
    def close(self, n):
        if n > 10:
            return "big"
        return "small"
`;

const worker = `import os
import signal
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from shop.price import Basket, total

threading.Timer(120, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        answer = {"/total": lambda: total([1, 2]), "/custom": lambda: os.environ.get("CUSTOM"), "/fork": fork}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(str(answer[self.path]()).encode())

    def log_message(self, *_):
        pass


def fork():
    child = os.fork()
    if child == 0:
        Basket().close(11)
        os._exit(0)
    return os.waitpid(child, 0)[1]


server = HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler)
print("ready", flush=True)
server.serve_forever()
`;

const files = {
  'shop/price.py': price,
  'worker.py': worker,
  'mine/sitecustomize.py': 'import os\nos.environ["CUSTOM"] = "yes"\n',
};
const ops = `command: ['${python}', 'worker.py'], env: { PYTHONPATH: process.env.WITHOUT ?? 'mine' },`;

function expectPassed({ code, output }: Pick<JestRun, 'code' | 'output'>): void {
  expect(code === 0 ? '' : output).toBe('');
}

test.each(providers)('what a Python worker and its forks ran counts: %s', async provider =>
  withSupervisedProject(
    {
      ...files,
      'jest.config.js': measuredConfig(ops, "collectCoverageFrom: ['shop/**/*.py'],"),
      'a.test.js': `${asking}
test('asks', async () => {
  expect([await ask('total'), await ask('custom'), await ask('fork')]).toEqual(['3', 'yes', '0']);
});`,
    },
    async ({ folder, start }) => {
      const run = await start({ args: coverage, env: { PROVIDER: provider } }).ended;
      expectPassed(run);
      expect(run.output).not.toMatch(/coverage of/);
      expect(coveredFiles(folder)).toEqual(['shop/price.py']);
      const counts = lineCounts(folder, 'shop/price.py');
      const ran = { 4: 1, 6: 1, 7: 0, 8: 1, 11: 1, 12: 0, 15: 1, 16: 1, 17: 1, 18: 1, 19: 0 };
      if (provider === 'babel') expect(counts).toEqual(ran);
      else expect(counts).toMatchObject(ran);
    },
  ),
);

test('what is missing of Python is said: coverage.py with the command that installs it, what SIGKILL ended', async () =>
  withSupervisedProject(
    {
      ...files,
      'without/coverage.py': "raise ImportError('not here')\n",
      'jest.config.js': measuredConfig(ops, "collectCoverageFrom: ['shop/**/*.py'],"),
      'a.test.js': `${asking}
test('asks', async () => {
  expect(await ask('total')).toBe('3');
  if (process.env.KILLED) await liveWorker('ops').kill();
});`,
      'b.test.js': `${asking}
test('asks', async () => expect(await ask('total')).toBe('3'));`,
    },
    async ({ folder, start }) => {
      const without = await start({ args: coverage, env: { WITHOUT: 'without' } }).ended;
      expectPassed(without);
      expect(without.output.match(/no coverage of worker .*/g)).toEqual([
        `no coverage of worker "ops": its Python has no coverage.py; install it: ${python} -m pip install coverage`,
      ]);
      expect(coveredFiles(folder)).toEqual([]);
      const killed = await start({ args: [...coverage, 'a.test.js'], env: { KILLED: '1' } }).ended;
      expectPassed(killed);
      expect(killed.output).toMatch(
        /coverage of worker "ops": SIGKILL ended process \d+, and what it ran is missing/,
      );
    },
  ));

test('a Python of the run counts when the run is over, with v8; with babel that it does not is said', async () =>
  withSupervisedProject(
    {
      ...files,
      'jest.config.js': measuredConfig(`${ops} scope: 'run',`, "collectCoverageFrom: ['shop/**/*.py'],"),
      'a.test.js': `${asking}
test('asks', async () => expect(await ask('total')).toBe('3'));`,
    },
    async ({ folder, start }) => {
      const v8 = await start({ args: coverage, env: { PROVIDER: 'v8' } }).ended;
      expectPassed(v8);
      expect(lineCounts(folder, 'shop/price.py')).toMatchObject({ 7: 0, 8: 1 });
      const babel = await start({ args: coverage }).ended;
      expectPassed(babel);
      expect(babel.output).toMatch(
        /no coverage of the Python of worker "ops": with scope "run" it writes when the run is over/,
      );
    },
  ));

test('the processes of Celery count', () =>
  withProject(
    {
      'tasks.py': `import os
from celery import Celery

app = Celery("shop", broker=os.environ["RABBITMQ_URL"], backend="rpc://")
app.conf.update(worker_enable_remote_control=False, task_default_queue=os.environ["TASK_QUEUE"])


@app.task(name="shop.price")
def price(amount):
    if amount > 10:
        return 0
    return 12 * amount


@app.task(name="shop.never")
def never():
    return 1
`,
      'jest.config.js': configFile(
        `
      shop: {
        command: ['${python}', '-m', 'celery', '-A', 'tasks', 'worker', '-c', '2', '--without-gossip', '--without-mingle', '--without-heartbeat'],
        env: { TASK_QUEUE },
        ready: [rabbitmq({ queues: [TASK_QUEUE] })],
        coverage: true,
      },`,
        { jest: "coverageReporters: ['json'], collectCoverageFrom: ['*.py']," },
      ),
      'a.test.js': `${fixtures}
      const { celeryTask } = require('jest-environment-live-worker/fixtures');
      jest.setTimeout(15_000);
      test('result', async () => {
        expect((await rabbitmq().call(TASK_QUEUE, celeryTask('shop.price', [2]))).content).toBe(24);
      });`,
    },
    async project => {
      const run = await project.run({ args: coverage });
      expectPassed(run);
      expect(run.output).not.toMatch(/coverage of/);
      expect(lineCounts(project.folder, 'tasks.py')).toEqual({
        1: 1,
        2: 1,
        4: 1,
        5: 1,
        8: 1,
        9: 1,
        10: 1,
        11: 0,
        12: 1,
        15: 1,
        16: 1,
        17: 0,
      });
    },
  ));
