import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { configFile, fixtures } from './harness/config-file.ts';
import { type Project, withProject } from './harness/project.ts';

jest.setTimeout(120_000);

/** Leaves a file when it is started, and says that it is ready where it is to be. */
const worker = (isReady: boolean) => `ops: {
  command: ['sh', '-c', 'echo > "started-$NAME"; echo ready; exec sleep 60'],
  env: { NAME: 'ops' },
  ports: ['PORT'],
  ready: [log({ pattern: '${isReady ? 'ready' : 'never'}' })],
  startTimeoutMs: ${isReady ? 30_000 : 300},
},`;
const config = (isReady = true) => configFile(worker(isReady));
const hasStarted = ({ folder }: Project) => existsSync(join(folder, 'started-ops'));

test('with -t a file without a matching test launches nothing, and says so', async () =>
  withProject({ 'jest.config.js': config(), 'a.test.js': `test('one', () => {});` }, async project => {
    const { code, results } = await project.run({ args: ['-t', 'nothing'] });
    expect(code).toBe(0);
    expect(results).toMatchObject({ numPendingTests: 1, numFailedTests: 0 });
    expect(hasStarted(project)).toBe(false);
  }));

test('with -t a file knows its launch while it is loaded, and its workers are ready for the matching test', async () =>
  withProject(
    {
      'jest.config.js': config(),
      'a.test.js': `${fixtures}
        const { PORT } = liveWorker('ops').env;
        test('other', () => {});
        test('matching', () => {
          expect(PORT).toMatch(/^[0-9]+$/);
          expect(liveWorker('ops')).toMatchObject({ state: 'ready', env: { PORT } });
        });`,
    },
    async project => {
      const { code, output, results } = await project.run({ args: ['-t', 'matching'] });
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      expect(results).toMatchObject({ numPassedTests: 1, numPendingTests: 1 });
    },
  ));

test.each([
  ['describe.skip', `describe.skip('none', () => { beforeAll(() => {}); test('one', () => {}); });`],
  ['test.skip', `test.skip('one', () => {});`],
  ['test.todo', `beforeEach(() => {}); test.todo('one');`],
])('a file of %s only does not wait for workers that are not going to be ready', async (_, tests) =>
  withProject({ 'jest.config.js': config(false), 'a.test.js': tests }, async project => {
    const { code, output } = await project.run();
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  }),
);

test('a hook of all tests around a todo runs, and has its workers', async () =>
  withProject(
    { 'jest.config.js': config(false), 'a.test.js': `beforeAll(() => {}); test.todo('one');` },
    async project => {
      const { code, output } = await project.run();
      expect(code).toBe(1);
      expect(output).toContain('[START_TIMEOUT]');
    },
  ));
