import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { CommandContext } from '../src/command/command-result.ts';
import { exitCodes } from '../src/command/exit-codes.ts';
import { createProgram } from '../src/command/program.ts';
import { errorCodes } from '../src/errors.ts';
import { completeProbe } from '../src/spec/complete-probe.ts';
import { parseOptions } from '../src/spec/parse-options.ts';
import type { ProbeOptions } from '../src/spec/probe-options.ts';
import { withServer } from './end-to-end/harness/failure-of.ts';
import { repository, workersFolder } from './end-to-end/harness/folders.ts';
import { type Project, type ProjectFiles, withProject } from './end-to-end/harness/project.ts';
import { brokerUrl } from './end-to-end/harness/services.ts';
import { asJestPrints, comparable } from './readme/comparable.ts';
import { exportedNames, interfaceMembers, typeErrors } from './readme/compiler.ts';
import { parseYaml } from './readme/parse-yaml.ts';
import { quickStart, quickStartWith } from './readme/quick-start.ts';
import { codeBlocks, labelledBlocks, readme, tableRows } from './readme/read-readme.ts';

jest.setTimeout(120_000);

const venv = process.env.LIVE_WORKER_TEST_VENV ?? join(repository, '.services/venv');

describe('the examples of README.md', () => {
  test('the quick start passes as it stands, and leaves what the README says', () =>
    withProject(quickStart(), async project => {
      await expectToPass(project, 2);
      const folder = join(project.folder, '.live-worker/latest/tasks.test.js');
      const left = readdirSync(folder);
      expect(left).toEqual(['events.ndjson', 'ops.launch.json', 'ops.stderr.log', 'ops.stdout.log']);
      expect(left.map(name => (statSync(join(folder, name)).mode & 0o777).toString(8))).toEqual(
        left.map(() => '600'),
      );
    }));

  test('its first twelve lines pass on a worker of one’s own', async () => {
    const files = labelledBlocks('short');
    expect(Object.values(files).join('').trimEnd().split('\n')).toHaveLength(12);
    await withProject({ ...files, 'worker.js': ownWorker }, project => expectToPass(project, 1));
  });

  test('the Python example passes on a Celery worker', () =>
    withProject({}, async project => {
      const ours = (text: string) =>
        text
          .replaceAll("'default'", `'${project.queue}'`)
          .replace(/(table: '|INTO |FROM )task\b/g, `$1${project.table}`);
      const files = Object.entries(labelledBlocks('python')).map(
        ([name, text]) => [name, ours(text)] as const,
      );
      expect(files.map(([name]) => name)).toEqual(['jest.config.ts', 'tasks.test.ts']);
      const service = join(project.folder, 'services/ops-core');
      mkdirSync(service, { recursive: true });
      cpSync(join(workersFolder, 'celery/ops_core'), join(service, 'ops_core'), { recursive: true });
      symlinkSync(venv, join(service, '.venv'));
      write(project.folder, Object.fromEntries(files));
      write(service, { '.env.test': quickStart()['.env.test'] ?? '' });
      await expectToPass(project, 1);
    }));
});

describe('the outputs in README.md are what a user sees', () => {
  const outputs = labelledBlocks('output');

  test('there are five of them', () =>
    expect(Object.keys(outputs)).toEqual(['exits', 'stubbed', 'elsewhere', 'stranger', 'missing']));

  test('a worker on a stub', () =>
    withProject(quickStartWith(['node', 'worker.js'], 2_000), async project => {
      write(project.folder, { 'worker.js': stubbedWorker });
      await expectToPrint(project, outputs.stubbed, { DRAMATIQ_TESTING: '1' });
    }));

  test('a worker on another broker', () =>
    withServer(port =>
      withProject(quickStartWith(['node', 'worker.js'], 2_000), async project => {
        const otherBroker = `\nBROKER_URL=amqp://guest:guest@127.0.0.1:${port}\n`;
        write(project.folder, {
          'worker.js': connectedWorker,
          '.env.test': (quickStart()['.env.test'] ?? '').trimEnd() + otherBroker,
        });
        await expectToPrint(project, outputs.elsewhere?.replace('127.0.0.1:5999', `127.0.0.1:${port}`));
      }),
    ));

  test('a worker that exits before it is ready', () =>
    withProject(quickStartWith(['python', '-m', 'dramatiq', 'worker']), async project => {
      symlinkSync(venv, join(project.folder, '.venv'));
      await expectToPrint(project, outputs.exits);
    }));

  test('a stranger on the queue', () =>
    withProject(quickStart(), async project => {
      const stranger = spawn(process.execPath, ['-e', strangeWorker], {
        env: { ...process.env, RABBITMQ_URL: brokerUrl },
      });
      try {
        await once(stranger.stdout, 'data');
        await expectToPrint(project, outputs.stranger);
      } finally {
        stranger.kill('SIGKILL');
        await once(stranger, 'exit');
      }
    }));

  test('an executable that is not there', () =>
    withProject(quickStartWith(['.tox/py/bin/python', 'worker.py']), async project => {
      const programs = join(project.folder, 'services/ops/.tox/py/bin');
      mkdirSync(programs, { recursive: true });
      symlinkSync(process.execPath, join(programs, 'python'));
      await expectToPrint(project, outputs.missing);
    }));
});

describe('the reference in README.md', () => {
  const worker = { command: ['worker'], ready: [] };

  test('the errors are those of errorCodes, in the same order', () => {
    expect(tableRows('code').map(([code]) => code)).toEqual(
      Object.keys(errorCodes).map(code => `\`${code}\``),
    );
  });

  test('the exit codes are those of the command', () => {
    const documented = tableRows('exit code').flatMap(([codes = '']) => codes.split(', '));
    const signalled = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;
    expect(documented).toEqual([
      ...Object.values(exitCodes).map(String),
      ...signalled.map(name => String(128 + constants.signals[name])),
      'any',
    ]);
  });

  test('the commands are those of the program, with their options', () => {
    const { commands } = createProgram({} as CommandContext, { json: false, write() {}, onResult() {} });
    const cells = tableRows('command').map(([cell = '']) => cell);
    const named = cells.flatMap(cell => /^`(\w+)/.exec(cell)?.[1] ?? []);
    expect(new Set(named)).toEqual(new Set(commands.map(command => command.name())));
    const options = new Set(commands.flatMap(command => command.options.map(({ long }) => long ?? '')));
    expect([...options].filter(option => !readme.includes(`${option}`))).toEqual([]);
    const mentioned = cells.join(' ').match(/--[\w-]+/g) ?? [];
    expect(mentioned.filter(option => !options.has(option))).toEqual([]);
  });

  test('the options are those of the types', () => {
    const members = interfaceMembers('options.ts');
    const stop = members.get('StopOptions')?.map(name => `stop.${name}`) ?? [];
    const restart = members.get('RestartLimitOptions')?.map(name => `restartLimit.${name}`) ?? [];
    expect(names(tableRows('option', 0))).toEqual(members.get('LiveWorkersOptions'));
    expect(names(tableRows('option', 1)).toSorted()).toEqual(
      [...(members.get('WorkerOptions') ?? []), ...stop, ...restart].toSorted(),
    );
  });

  test('the options have these defaults', () => {
    const spec = parseOptions({ workers: { ops: worker } });
    const [ops] = spec.workers;
    expect(defaults(tableRows('option', 0))).toEqual({
      gate: spec.gate,
      startTimeoutMs: ops?.startTimeoutMs,
    });
    expect(defaults(tableRows('option', 1))).toEqual({
      shell: ops?.shell,
      inherit: ops?.inherit,
      startTimeoutMs: ops?.startTimeoutMs,
      'stop.signal': ops?.stop.signal,
      'stop.graceMs': ops?.stop.graceMs,
      onExit: ops?.onExit,
      'restartLimit.count': ops?.restartLimit.count,
      'restartLimit.withinMs': ops?.restartLimit.withinMs,
      echo: ops?.echo,
      attach: ops?.attach,
    });
  });

  test('the probes are those of the types, with their options', () => {
    const members = interfaceMembers('probe-options.ts');
    const probes = [...members].filter(([name]) => name.endsWith('ProbeOptions'));
    const written = new Map(probeCalls().map(({ kind, parameters }) => [kind, words(parameters).toSorted()]));
    expect(written).toEqual(
      new Map(
        probes.map(([name, options]) => {
          const kind = name.replace('ProbeOptions', '').toLowerCase();
          const own = options.filter(option => option !== 'kind').map(option => renamed(kind, option));
          return [kind, own.toSorted()];
        }),
      ),
    );
  });

  test('the probes have these defaults', () => {
    for (const { kind, parameters } of probeCalls()) {
      const written = [...parameters.matchAll(/(\w+) = ([^,} ]+)/g)].map(([, name = '', value = '']) => [
        name,
        JSON.parse(value.replaceAll("'", '"')),
      ]);
      const complete = completeProbe({ kind } as ProbeOptions);
      const filled = Object.entries(complete).filter(
        ([name]) =>
          !['kind', 'share', 'purge', 'connection'].includes(name) &&
          !(kind === 'rabbitmq' && name === 'strangers'),
      );
      expect({ kind, ...Object.fromEntries(written) }).toEqual({ kind, ...Object.fromEntries(filled) });
    }
  });

  test.each(['index', 'config', 'fixtures'] as const)('every export of %s.ts is mentioned', door => {
    const exported = exportedNames(door).filter(name => name !== 'default');
    expect(exported.length).toBeGreaterThan(4);
    expect(exported.filter(name => !new RegExp(`\`[^\`\n]*\\b${name}\\b`).test(readme))).toEqual([]);
  });

  test('every link within it leads to a heading', () => {
    const headings = [...readme.matchAll(/^#+ (.*)$/gm)].map(([, text = '']) =>
      text
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    const links = [...readme.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor);
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter(anchor => !headings.includes(anchor))).toEqual([]);
  });
});

describe('the other blocks of README.md', () => {
  test('the TypeScript has no type errors', () => {
    expect(codeBlocks('ts')).toHaveLength(5);
    expect(typeErrors()).toEqual([]);
  });

  test('the YAML is a workflow of GitHub and a job of GitLab', () => {
    const [workflow, pipeline] = codeBlocks('yaml').map(({ text }) => parseYaml(text));
    expect(workflow).toMatchObject({
      jobs: {
        test: {
          services: {
            rabbitmq: { options: expect.stringContaining('--health-cmd') },
            postgres: { options: expect.stringContaining('--health-cmd') },
          },
          steps: expect.arrayContaining([
            { run: 'npx jest --shard=${{ matrix.shard }}/2' },
            expect.objectContaining({
              if: 'failure()',
              with: expect.objectContaining({ path: '.live-worker' }),
            }),
          ]),
        },
      },
    });
    expect(pipeline).toMatchObject({
      test: {
        services: [{ alias: 'rabbitmq' }, { alias: 'postgres' }],
        artifacts: { paths: ['.live-worker'] },
      },
    });
  });

  test('the commands name npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
    const named = [...readme.matchAll(/npm (?:run ([\w:]+)|(test)\b)/g)].map(
      ([, run, plain]) => run ?? plain,
    );
    expect(new Set(named)).toEqual(new Set(['demo', 'test']));
    expect(named.filter(name => scripts[name ?? ''] === undefined)).toEqual([]);
  });
});

/** Ends by itself after a minute. */
const strangeWorker = `
require('amqplib').connect(process.env.RABBITMQ_URL).then(async broker => {
  setTimeout(() => process.exit(124), 60_000);
  const channel = await broker.createChannel();
  await channel.assertQueue('readme-tasks', { autoDelete: true });
  await channel.consume('readme-tasks', () => {});
  console.log('consuming');
});
`;

/** These end by themselves after a minute. */
const stubbedWorker = `
setTimeout(() => process.exit(124), 60_000);
console.log('worker is ready for action');
`;
const connectedWorker = `
setTimeout(() => process.exit(124), 60_000);
require('node:net').connect(new URL(process.env.BROKER_URL).port, '127.0.0.1');
`;

const ownWorker = `
const amqplib = require('amqplib');
amqplib.connect(process.env.RABBITMQ_URL).then(async broker => {
  const channel = await broker.createChannel();
  await channel.assertQueue('ops-tasks', { autoDelete: true });
  await channel.consume('ops-tasks', message => {
    console.error('unknown provider: ' + JSON.parse(message.content).provider);
    channel.ack(message);
  });
  process.once('SIGTERM', () => broker.close());
});
`;

async function expectToPass(project: Project, tests: number): Promise<void> {
  const { code, output, results } = await project.run();
  const passed = results?.numPassedTests;
  expect({ code, passed, output: code === 0 ? '' : output }).toEqual({ code: 0, passed: tests, output: '' });
}

async function expectToPrint(project: Project, shown = '', env = {}): Promise<void> {
  const { code, output } = await project.run({ env });
  expect(code).toBe(1);
  expect(comparable(output, project.folder)).toContain(asJestPrints(shown));
}

function write(folder: string, files: ProjectFiles): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

function names(rows: readonly (readonly string[])[]): readonly string[] {
  return rows.map(([cell = '']) => cell.replaceAll('`', ''));
}

/** The values in the second column, save for those in words. */
function defaults(rows: readonly (readonly string[])[]): Record<string, unknown> {
  const values = rows.map(
    ([name = '', cell = '']) => [name.replaceAll('`', ''), defaultValue(cell)] as const,
  );
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function defaultValue(cell: string): unknown {
  if (/^\d[\d ]*$/.test(cell)) return Number(cell.replaceAll(' ', ''));
  if (cell === '`false`') return false;
  return /^`'(.*)'`$/.exec(cell)?.[1];
}

function probeCalls(): readonly { readonly kind: string; readonly parameters: string }[] {
  return tableRows('probe').map(([cell = '']) => {
    const [, kind = '', parameters = ''] = /^`(\w+)\((.*)\)`$/.exec(cell) ?? [];
    return { kind, parameters };
  });
}

/** The names in `{ host = '127.0.0.1', port }`. */
function words(parameters: string): readonly string[] {
  return (parameters.replace(/= [^,}]+/g, '').match(/\w+/g) ?? []).map(word => word);
}

/** The probe `command` calls its first parameter something else than its option. */
function renamed(kind: string, option: string): string {
  return kind === 'command' && option === 'command' ? 'words' : option;
}
