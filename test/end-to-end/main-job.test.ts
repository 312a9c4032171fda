import { withProject } from './harness/project.ts';

jest.setTimeout(90_000);

const projects: readonly (readonly [string, string, readonly string[], number])[] = [
  ['Celery, started as celery', 'celery', ['-c', 'jest.console.config.js'], 3],
  ['Celery, started as python -m celery', 'celery', ['-c', 'jest.module.config.js'], 3],
  ['pika', 'pika', [], 3],
  ['amqplib', 'amqplib', [], 3],
  ['D18 a worker behind dotenv run', 'wrapped', ['-c', 'jest.dotenv-run.config.js'], 3],
  ['D18 a worker behind npm run', 'wrapped', ['-c', 'jest.npm-run.config.js'], 3],
  ['D18 a worker behind sh -c', 'wrapped', ['-c', 'jest.shell.config.js'], 3],
  ['an HTTP API and Celery', 'two-workers', [], 3],
  ['tests in TypeScript', 'typescript', [], 2],
];

test.each(projects)('the main job works on %s', async (_name, source, args, tests) =>
  withProject(source, async project => {
    const { code, output, results } = await project.run({ args });
    expect({ code, passed: results?.numPassedTests, output: code === 0 ? '' : output }).toEqual({
      code: 0,
      passed: tests,
      output: '',
    });
    expect(output).not.toContain('did not exit');
    expect(output).not.toContain('Warning');
  }),
);

test('the main job works on tests in ES modules', async () =>
  withProject('esm', async project => {
    const { code, output } = await project.run({ env: { NODE_OPTIONS: '--experimental-vm-modules' } });
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  }));
