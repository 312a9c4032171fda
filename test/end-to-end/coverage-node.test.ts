import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import {
  askedWorker,
  asking,
  coveredFiles,
  lineCounts,
  measuredConfig,
  statementsOf,
} from './harness/measured-project.ts';
import type { JestRun } from './harness/start-jest.ts';
import { withSupervisedProject } from './harness/supervised-project.ts';

jest.setTimeout(120_000);

const job = `function double(n) {
  if (n > 10) {
    return 'many';
  }
  return n * 2;
}
function halve(n) {
  return n / 2;
}
module.exports = { double, halve };
`;
const calls = `const { double } = require('./job.js');
exports.double = () => double(3);
exports.many = () => double(11);
`;
const files = { 'job.js': job, 'calls.js': calls, 'worker.js': askedWorker };
const coverage = ['--coverage'];
const providers = [['babel'], ['v8']] as const;

function expectPassed({ code, output }: Pick<JestRun, 'code' | 'output'>): void {
  expect(code === 0 ? '' : output).toBe('');
}

test.each(providers)('what a Node worker ran counts, with what the tests ran: %s', async provider =>
  withSupervisedProject(
    {
      ...files,
      'jest.config.js': measuredConfig('', "coveragePathIgnorePatterns: ['/worker.js$'],"),
      'a.test.js': `${asking}
test('asks', async () => {
  expect(await ask('double')).toBe('6');
  expect(await ask('double')).toBe('6');
  expect(require('./job.js').halve(4)).toBe(2);
});`,
    },
    async ({ folder, start }) => {
      const { code, output } = await start({ args: coverage, env: { PROVIDER: provider } }).ended;
      expectPassed({ code, output });
      expect(coveredFiles(folder)).toEqual(['calls.js', 'job.js']);
      const counts = lineCounts(folder, 'job.js');
      if (provider === 'babel') {
        expect(counts).toEqual({ 2: 2, 3: 0, 5: 2, 8: 1, 10: 2 });
        expect(lineCounts(folder, 'calls.js')).toEqual({ 1: 1, 2: 2, 3: 1 });
      } else expect(counts).toMatchObject({ 1: 2, 2: 2, 3: 0, 5: 2, 7: 1, 8: 1, 10: 2 });
    },
  ),
);

test.each(providers)('a threshold that the worker alone reaches is reached: %s', async provider =>
  withSupervisedProject(
    {
      ...files,
      'jest.config.js': measuredConfig(
        "coverage: process.env.MEASURED === '1',",
        "collectCoverageFrom: ['job.js'], coverageThreshold: { global: { lines: 100 } },",
      ),
      'a.test.js': `${asking}
test('asks', async () => {
  expect([await ask('double'), await ask('many')]).toEqual(['6', 'many']);
  require('./job.js').halve(4);
});`,
    },
    async ({ folder, start }) => {
      const env = { PROVIDER: provider };
      const unmeasured = await start({ args: coverage, env: { ...env, MEASURED: '0' } }).ended;
      expect(unmeasured.output).toMatch(/Coverage for lines \(\d+%\) does not meet "global" threshold/);
      expect(unmeasured.code).toBe(1);
      const measured = await start({ args: coverage, env: { ...env, MEASURED: '1' } }).ended;
      expectPassed(measured);
      expect(coveredFiles(folder)).toEqual(['job.js']);
    },
  ),
);

test('without --coverage nothing is measured', async () =>
  withSupervisedProject(
    {
      ...files,
      'jest.config.js': measuredConfig(''),
      'a.test.js': `${asking}
test('is as ever', async () => {
  const { NODE_V8_COVERAGE, PYTHONPATH } = liveWorker('ops').env;
  expect({ NODE_V8_COVERAGE, PYTHONPATH }).toEqual({});
  expect(await ask('double')).toBe('6');
});`,
    },
    async ({ folder, start }) => {
      const { code, output } = await start().ended;
      expectPassed({ code, output });
      const records = join(folder, '.live-worker/latest/a.test.js');
      expect(existsSync(join(records, 'ops.launch.ndjson'))).toBe(true);
      expect(existsSync(join(records, 'ops.coverage'))).toBe(false);
    },
  ));

const price = `export interface Line {
  readonly amount: number;
  readonly price: number;
}
export enum Kind {
  Small,
  Big,
}
export function total(lines: readonly Line[], kind: Kind = Kind.Small): number {
  if (lines.length === 0) return 0;
  const sum = lines.reduce((before, { amount, price }) => before + amount * price, 0);
  return kind === Kind.Big ? sum * 2 : sum;
}
export const never = (value: number): number => {
  return value * 2;
};
`;

function compiled(): Readonly<Record<string, string>> {
  const { outputText, sourceMapText = '' } = ts.transpileModule(price, {
    fileName: 'price.ts',
    compilerOptions: { sourceMap: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS },
  });
  const map = { ...JSON.parse(sourceMapText), sources: ['../src/price.ts'] };
  return { 'dist/price.js': outputText, 'dist/price.js.map': JSON.stringify(map) };
}

test.each(providers)('TypeScript that was built counts in its sources, tests or not: %s', async provider =>
  withSupervisedProject(
    {
      ...compiled(),
      'src/price.ts': price,
      'worker.js': askedWorker,
      'calls.js':
        "const { total } = require('./dist/price.js');\nexports.total = () => total([{ amount: 2, price: 3 }, { amount: 1, price: 1 }]);",
      'jest.config.js': measuredConfig(
        '',
        "transform: { '\\\\.ts$': '@swc/jest' }, coveragePathIgnorePatterns: ['/worker.js$', '/calls.js$'],",
      ),
      'a.test.js': `${asking}
test('asks', async () => {
  expect(await ask('total')).toBe('7');
  if (process.env.LOADED) require('./src/price.ts').total([]);
});`,
    },
    async ({ folder, start }) => {
      const env = { PROVIDER: provider };
      const alone = await start({ args: coverage, env }).ended;
      expectPassed(alone);
      expect(coveredFiles(folder)).toEqual(['src/price.ts']);
      expect(lineCounts(folder, 'src/price.ts')).toMatchObject({
        10: 1,
        11: provider === 'babel' ? 2 : 1,
        12: 1,
        15: 0,
      });
      const { all } = statementsOf(folder, 'src/price.ts');
      const both = await start({ args: coverage, env: { ...env, LOADED: '1' } }).ended;
      expectPassed(both);
      expect(coveredFiles(folder)).toEqual(['src/price.ts']);
      expect(lineCounts(folder, 'src/price.ts')).toMatchObject({ 10: 2, 15: 0 });
      expect(statementsOf(folder, 'src/price.ts').all).toBe(all);
    },
  ),
);

test.each(providers)('a worker of the run counts for every file that asked it, once: %s', async provider =>
  withSupervisedProject(
    {
      ...files,
      'jest.config.js': measuredConfig("scope: 'run',", "collectCoverageFrom: ['job.js'],"),
      'a.test.js': `${asking}
test('asks', async () => expect(await ask('double')).toBe('6'));`,
      'b.test.js': `${asking}
test('asks', async () => {
  expect([await ask('double'), await ask('many')]).toEqual(['6', 'many']);
  const [, port] = /listening on ws:..127.0.0.1:([0-9]+)/.exec(require('node:fs').readFileSync(liveWorker('ops').logs.files.stderr, 'utf8'));
  await expect(fetch('http://127.0.0.1:' + port)).rejects.toThrow();
});`,
      'sequencer.js': `const { default: Sequencer } = require('@jest/test-sequencer');
module.exports = class extends Sequencer { sort(tests) { return [...tests].sort((one, other) => (one.path < other.path ? -1 : 1)); } };`,
    },
    async ({ folder, start }) => {
      const args = [...coverage, '-i', '--testSequencer=./sequencer.js'];
      const { code, output } = await start({ args, env: { PROVIDER: provider } }).ended;
      expectPassed({ code, output });
      expect(lineCounts(folder, 'job.js')).toMatchObject({ 2: 3, 3: 1, 5: 2, 8: 0 });
    },
  ),
);

test('launches that a test begins count too, and the processes a worker starts', async () =>
  withSupervisedProject(
    {
      ...files,
      'child.js':
        "const { halve } = require('./job.js');\nprocess.on('message', n => process.send(halve(n)));\nsetTimeout(() => {}, 60_000);",
      'calls.js': `${calls}
const child = require('node:child_process').fork('./child.js');
exports.halve = () => new Promise(resolve => { child.once('message', resolve); child.send(4); });`,
      'jest.config.js': measuredConfig('', "collectCoverageFrom: ['job.js'],"),
      'a.test.js': `${asking}
test('asks', async () => {
  expect(await ask('double')).toBe('6');
  await liveWorker('ops').restart();
  expect([await ask('many'), await ask('halve')]).toEqual(['many', '2']);
});`,
    },
    async ({ folder, start }) => {
      const { code, output } = await start({ args: coverage }).ended;
      expectPassed({ code, output });
      expect(output).not.toMatch(/coverage of worker/);
      expect(lineCounts(folder, 'job.js')).toEqual({ 2: 2, 3: 1, 5: 1, 8: 1, 10: 4 });
    },
  ));

test.each([
  [
    'that got SIGKILL',
    "command: ['node', 'worker.js'],",
    "await liveWorker('ops').kill();",
    /live-worker: coverage of worker "ops": SIGKILL ended process \d+, and what it ran is missing/,
  ],
  [
    'that takes SIGUSR1 itself',
    "command: ['node', '-e', 'process.on(\"SIGUSR1\", () => {}); require(\"./worker.js\")'],",
    '',
    /live-worker: no coverage of worker "ops": its Node process \d+ does not tell: it did not open its inspector: it handles SIGUSR1 itself/,
  ],
  [
    'whose language is not known',
    "command: ['sh', '-c', 'echo ready; exec sleep 60'],",
    '',
    /live-worker: no coverage of worker "ops": none of its processes was Node or Python; other languages are not measured/,
  ],
])('what is missing of a worker is said: of one %s', async (_what, worker, act, said) =>
  withSupervisedProject(
    {
      ...files,
      'jest.config.js': measuredConfig(worker, "collectCoverageFrom: ['job.js'],"),
      'a.test.js': `${asking}
test('acts', async () => { ${act} });`,
    },
    async ({ start }) => {
      const { code, output } = await start({ args: coverage }).ended;
      expectPassed({ code, output });
      expect(output).toMatch(said);
    },
  ),
);
