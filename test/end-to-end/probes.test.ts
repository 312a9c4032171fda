import { configFile, fixtures } from './harness/config-file.ts';
import { withProject } from './harness/project.ts';

jest.setTimeout(90_000);

const everyKind = `
  http: { command: ['node', W + '/http-health.mjs'], ports: ['HTTP_PORT'], env: { HEALTHY_AFTER_MS: '300' },
    ready: [http({ url: 'http://127.0.0.1:\${HTTP_PORT}/health' }), tcp({ port: '\${HTTP_PORT}' })] },
  file: { command: ['node', W + '/touch-file.mjs'], cwd: '.', env: { READY_FILE: 'ready.flag', TOUCH_AFTER_MS: '100' },
    ready: [file('ready.flag')] },
  socket: { command: ['node', W + '/unix-socket.mjs'], env: { SOCKET_PATH: 'worker.sock' }, ready: [socket('worker.sock')] },
  notify: { command: ['node', W + '/notify-ready.mjs'], env: { NOTIFY_AFTER_MS: '100' }, ready: [notify()] },
  partial: { command: ['node', W + '/partial-line.mjs'], ready: [log({ pattern: 'ready', stream: 'stdout' })] },
  ansi: { command: ['node', W + '/ansi-ready.mjs'], ready: [log({ pattern: /^worker is READY$/mi })] },
  multibyte: { command: ['node', W + '/multibyte.mjs'], ready: [log({ pattern: 'é' })] },
  command: { command: ['node', W + '/touch-file.mjs'], env: { READY_FILE: 'command.flag', TOUCH_AFTER_MS: '100' },
    ready: [command(['test', '-e', 'command.flag'])] },
  module: { command: ['node', W + '/ready-then-sleep.mjs'], env: { WANTED: 'yes' }, ready: [probes.module('./probe.ts', { times: 3 })] },
  spawned: { command: ['node', W + '/never-ready.mjs'], ready: [] },
`;

const typeScriptProbe = `
import type { ProbeQuestion } from 'jest-environment-live-worker';
let asked = 0;
export default ({ env, options }: ProbeQuestion) => {
  asked += 1;
  if (env.WANTED !== 'yes') return { kind: 'fatal', why: 'the environment is not the worker’s' };
  return asked < (options as { times: number }).times ? { kind: 'pending', why: 'asked ' + asked } : { kind: 'ready' };
};`;

test('a probe of every kind lets its worker become ready, once it is', async () =>
  withProject(
    {
      'jest.config.js': configFile(everyKind, {
        jest: `transform: { '\\\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }] },`,
      }).replace('transform: {},\n', ''),
      'probe.ts': typeScriptProbe,
      'a.test.js': `${fixtures}
        test.each(['http', 'file', 'socket', 'notify', 'partial', 'ansi', 'multibyte', 'command', 'module', 'spawned'])('%s', name => {
          expect(liveWorker(name).state).toBe('ready');
        });`,
    },
    async project => {
      const { code, output, results } = await project.run();
      expect({ code, passed: results?.numPassedTests, output: code === 0 ? '' : output }).toEqual({
        code: 0,
        passed: 10,
        output: '',
      });
    },
  ));

test('D11, FAULT 32, 33: a worker that says it is ready but does not consume is not ready, and progress lines say what is missing', async () =>
  withProject(
    {
      'jest.config.js': configFile(`
        ops: { command: ['node', W + '/ready-then-sleep.mjs'], startTimeoutMs: 6000, stop: { graceMs: 100 },
          ready: [log({ pattern: 'ready' }), rabbitmq({ queues: [TASK_QUEUE], consumers: 2 })] },`),
      'a.test.js': `test('never runs', () => {});`,
    },
    async project => {
      const { code, output } = await project.run();
      expect(code).toBe(1);
      expect(output).toContain(
        `live-worker: worker "ops" is not ready after 5 s of 6: queue "${project.queue}" does not exist yet`,
      );
      expect(output).toContain('Cannot start worker "ops": it is alive but not ready after 6000 ms');
      expect(output).toContain(`waited for: queue "${project.queue}" has 2 new consumers`);
    },
  ));

test('a database that is not there stops the suite at once, without starting the worker', async () =>
  withProject(
    {
      'jest.config.js': configFile(`
        ops: { command: ['node', W + '/ready-then-sleep.mjs'], ready: [postgres({ url: process.env.DATABASE_URL + '_no' })] },`),
      'a.test.js': `test('never runs', () => {});`,
    },
    async project => {
      const { code, output } = await project.run();
      expect(code).toBe(1);
      expect(output).toMatch(
        /Cannot start worker "ops": Postgres at [^ ]+ has no database "[^"]+_no" \(3D000\)/,
      );
      expect(project.events().map(({ event }) => event)).not.toContain('worker.spawned');
    },
  ));

test('gate: "setup" holds the test file itself back', async () =>
  withProject(
    {
      'jest.config.js': configFile(
        `ops: { command: ['node', W + '/touch-file.mjs'], env: { READY_FILE: 'flag', TOUCH_AFTER_MS: '300' }, ready: [file('flag')] },`,
        { session: `gate: 'setup',` },
      ),
      'a.test.js': `${fixtures}
        const atTop = liveWorker('ops').state;
        test('was ready at the top level', () => expect(atTop).toBe('ready'));`,
    },
    async project => {
      expect((await project.run()).code).toBe(0);
    },
  ));

test('env files win over the shell, and ${VAR:-x} gives the shell its say', async () =>
  withProject(
    {
      'jest.config.js': configFile(`
        ops: { command: ['node', W + '/print-env.mjs', '\${GREETING}'], cwd: 'service', envFile: ['.env', '.env.test'],
          env: { DROPPED: null }, ready: [log({ pattern: '}' })] },`),
      'service/.env': `\uFEFFGREETING=file\r\nexport SHELL_SAYS=\${FROM_SHELL:-no}\r\nDEFAULT=\${NOT_THERE:-yes}\r\n`,
      'service/.env.test': `MULTI="one\ntwo"\nGREETING='second file'\n`,
      'a.test.js': `${fixtures}
        test('environment', () => {
          const { env: seen, argv } = JSON.parse(liveWorker('ops').logs.text('stdout'));
          expect(argv[2]).toBe('second file');
          expect(seen).toMatchObject({ GREETING: 'second file', SHELL_SAYS: 'shell', DEFAULT: 'yes', MULTI: 'one\\ntwo', PYTHONUNBUFFERED: '1' });
          for (const name of ['DROPPED', 'NODE_ENV', 'JEST_WORKER_ID']) expect(seen).not.toHaveProperty(name);
        });`,
    },
    async project => {
      const { code, output } = await project.run({
        env: { FROM_SHELL: 'shell', GREETING: 'shell', DROPPED: 'x' },
      });
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    },
  ));
