import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Client } from 'pg';
import { configFile, fixtures } from './harness/config-file.ts';
import { quick } from './harness/failure-of.ts';
import { workersFolder } from './harness/folders.ts';
import { findSecrets, plant, plantKey, readRecords } from './harness/planted-secrets.ts';
import { deleteQueues, type Project, withProject } from './harness/project.ts';
import { brokerUrl, databaseUrl } from './harness/services.ts';
import { runCommand, startCommand } from './harness/start-command.ts';
import type { JestRun } from './harness/start-jest.ts';

jest.setTimeout(120_000);

const names = [
  ...['brokerEnvFile', 'databaseEnvFile', 'env', 'inherited', 'token', 'restarted', 'dsn', 'pgpassword'],
  ...['argument', 'literalArgument', 'script', 'query'],
  ...['brokerProbe', 'databaseProbe', 'httpProbe', 'management', 'moduleOptions', 'moduleUrl', 'moduleWord'],
  ...['commandOutput', 'commandArgument', 'brokerFixture', 'databaseFixture', 'stranger', 'strangerUrl'],
  ...['brokenLine', 'executable', 'nested', 'dockerArgument', 'mysqlArgument'],
];
/** Those that nobody but the worker knows, by how it writes them down. */
const lines: Readonly<Record<string, (secret: string) => string>> = {
  bearer: secret => `> Authorization: Bearer ${secret}`,
  apiKey: secret => `{"headers":{"X-Api-Key":"${secret}"}}`,
  netrc: secret => `machine h login ops password ${secret}`,
  mysql: secret => `+ mysql -h db -uops -p${secret} tasks`,
  docker: secret => `+ docker run -e PGPASSWORD=${secret} image`,
};
const untold = Object.fromEntries(
  Object.keys(lines).map(name => [name, `${name}-${randomBytes(6).toString('hex')}`]),
);
const secrets: Record<string, string> = {
  ...Object.fromEntries(names.map(name => [name, plant(name)])),
  key: plantKey(),
  ...untold,
};
const encoded = (name: string) => encodeURIComponent(secrets[name] ?? '');
const role = `role_${randomBytes(6).toString('hex')}`;

/** Says all it knows, in every form a program may say it in, and then does what MODE says. */
const tells = `
setTimeout(() => process.exit(124), 60_000);
const { MODE } = process.env;
const tell = stream => {
  for (const text of [...Object.values(process.env), ...process.argv.slice(2)]) {
    stream.write(text + '\\n' + JSON.stringify(text) + '\\n' + encodeURIComponent(text) + '\\n');
    try { stream.write(decodeURIComponent(text) + '\\n'); } catch {}
  }
  // What is shown of a long line must not end in the middle of a secret.
  const { API_TOKEN = '' } = process.env;
  stream.write('y'.repeat(300 - 8 - API_TOKEN.search(/[\\da-f]{12}/)) + API_TOKEN + '\\n');
  for (const line of require('./lines.json')) stream.write(line + '\\n');
  stream.write('\\x1b_apc\\x1b\\\\ \\x9d0;title\\x9c \\b\\b \\x0e \\u202e \\u200b 10 %\\r20 %\\n');
  stream.write('\\x1b[31mthe end\\x1b[0m is told\\n');
};
tell(process.stdout);
tell(process.stderr);
if (MODE === 'exit') process.exit(3);
process.on('SIGUSR2', () => { tell(process.stderr); process.exitCode = 4; process.exit(); });
process.on('SIGHUP', () => tell(process.stderr));
console.log('consuming');
`;

const at = (url: string, user: string, password: string) => {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${user}:${password}@${host}${pathname}`;
};
const withParameter = (url: string) => `${url}${url.includes('?') ? '&' : '?'}api_key=${encoded('query')}`;

const config = configFile(
  `
  ok: { ...loud, ready: [rabbitmq({ queues: [TASK_QUEUE] }), postgres({ url: S.databaseGood }), log({ pattern: 'consuming' })],
    command: ['node', W + '/amqplib-worker.mjs', '--password', '\${ARGUMENT_TOKEN}'], env: { ...env, TASK_QUEUE, TASK_TABLE } },
  tells: { ...loud, echo: true, ready: [log({ pattern: 'consuming' })] },
  exits: { ...loud, env: { ...env, MODE: 'exit' }, ready: [log({ pattern: 'never' })] },
  script: { ...loud, shell: true, command: 'node tells.js --password ' + S.script + ' && sleep 0',
    env: { ...env, MODE: 'exit' }, ready: [log({ pattern: 'never' })] },
  dies: { ...loud, ready: [log({ pattern: 'consuming' })] },
  scene: { ...loud, ready: [log({ pattern: 'consuming' })] },
  unready: { ...loud, ready: [
    http({ url: 'http://me:' + S.encoded.httpProbe + '@127.0.0.1:9/', strangers: 'ignore' }),
    command(['node', '-e', 'console.log(process.argv[1], process.env.API_TOKEN, process.env.COMMAND_TEXT); process.exit(1)', 'x', '--token', S.commandArgument]),
    rabbitmq({ queues: [TASK_QUEUE], share: true, managementUrl: 'http://me:' + S.encoded.management + '@127.0.0.1:9' }),
    probes.module('./probe.js', { kind: 'pending', password: S.moduleOptions }) ] },
  fatal: { ...loud, ready: [probes.module('./probe.js', { kind: 'fatal', password: S.moduleOptions })] },
  throws: { ...loud, ready: [probes.module('./probe.js', { kind: 'throw', password: S.moduleOptions })] },
  broker: { ...loud, ready: [rabbitmq({ queues: [TASK_QUEUE], share: true, url: S.brokerBad })] },
  brokerFile: { ...loud, env: { ...env, RABBITMQ_URL: S.brokerFileBad }, ready: [rabbitmq({ queues: [TASK_QUEUE], share: true })] },
  database: { ...loud, ready: [postgres({ url: S.databaseBad })] },
  pg: { ...loud, command: ['node', 'tells.js'], inherit: ['PATH'], envFile: [], env: { PGHOST: S.host, PGPORT: S.port, PGUSER: 'nobody', PGDATABASE: 'nowhere', PGPASSWORD: S.pgpassword },
    ready: [postgres()] },
  strange: { ...loud, ready: [rabbitmq({ queues: [TASK_QUEUE + '-strange'] })] },
  broken: { ...loud, envFile: '.env.broken' },
  missing: { ...loud, command: ['./bin-\${EXECUTABLE_TOKEN}', 'x'], env: { ...env, EXECUTABLE_TOKEN: S.executable } },
  unset: { ...loud, command: ['node', 'x', '\${ARGUMENT_TOKEN}\${NOWHERE_TOKEN}'] },
  `,
).replace(
  'module.exports',
  `const S = require('./secrets.json');
const env = { CONFIG: JSON.stringify({ db: { password: S.nested } }), SPEC_SECRET: S.env, OWN_DSN: S.dsn, SIGNING_KEY: S.key, ARGUMENT_TOKEN: S.argument, COMMAND_TEXT: 'password=' + S.commandOutput };
const loud = { ${quick} ready: [], envFile: '.env', env,
  command: ['node', 'tells.js', '\${RABBITMQ_URL}', '--secret=\${ARGUMENT_TOKEN}', '--api-key', S.literalArgument, '-e', 'PGPASSWORD=' + S.dockerArgument, 'mysql', '-p' + S.mysqlArgument] };
module.exports`,
);

const files = {
  'jest.config.js': config,
  'tells.js': tells,
  'secrets.json': JSON.stringify({
    ...secrets,
    script: `'${secrets.script}'`,
    encoded: Object.fromEntries(names.map(name => [name, encoded(name)])),
    databaseGood: at(databaseUrl, role, encoded('databaseEnvFile')),
    databaseBad: `${at(databaseUrl, 'nobody', encoded('databaseProbe')).replace(/\/[^/]*$/, '')}/nowhere`,
    brokerBad: at(brokerUrl, 'ops', encoded('brokerProbe')),
    brokerFileBad: at(brokerUrl, 'ops', encoded('brokerEnvFile')),
    brokerFixture: `amqp://ops:${encoded('brokerFixture')}@127.0.0.1:9`,
    databaseFixture: `postgres://ops:${encoded('databaseFixture')}@127.0.0.1:9/d`,
    moduleUrl: `amqp://ops:${encoded('moduleUrl')}@h`,
    moduleWord: `login failed: password=${encoded('moduleWord')} user=me`,
    host: new URL(databaseUrl).hostname,
    port: new URL(databaseUrl).port || '5432',
  }),
  'lines.json': JSON.stringify(Object.entries(lines).map(([name, line]) => line(untold[name] ?? ''))),
  '.env': [
    `RABBITMQ_URL='${withParameter(brokerUrl)}'`,
    `DATABASE_URL='${at(databaseUrl, role, encoded('databaseEnvFile'))}'`,
    `OTHER_URL='amqp://ops:${encoded('brokerEnvFile')}@elsewhere'`,
    `API_TOKEN='${secrets.token}'`,
  ].join('\n'),
  '.env.broken': `FINE=1\nAPI_TOKEN='${secrets.brokenLine}\nand no end`,
  'probe.js': `module.exports = ({ options: { kind, password } }) => {
    const { moduleUrl, moduleWord } = JSON.parse(require('node:fs').readFileSync(__dirname + '/secrets.json', 'utf8'));
    const why = [password, encodeURIComponent(password), moduleUrl, moduleWord].join(' and ');
    if (kind === 'throw') throw new Error(why);
    return { kind, why };
  };`,
  'ok.test.js': `/** @live-worker ok tells */ ${fixtures}
  const fs = require('node:fs');
  test('passes', async () => {
    await rabbitmq().publish(TASK_QUEUE, { id: 1, provider: 'known' });
    await liveWorker('tells').restart({ env: { NEW_TOKEN: require('./secrets.json').restarted } });
    await liveWorker('tells').logs.waitFor('consuming');
    expect(liveWorker('tells').env.NEW_TOKEN).toBe(require('./secrets.json').restarted);
    const pids = fs.readdirSync('/proc').filter(name => /^\\d+$/.test(name));
    const read = (pid, name) => { try { return fs.readFileSync('/proc/' + pid + '/' + name, 'utf8'); } catch { return ''; } };
    const watchdogs = pids.filter(pid => read(pid, 'stat').split(') ').pop().split(' ')[1] === String(process.pid) && read(pid, 'cmdline').includes('watchdog/main.js'));
    fs.writeFileSync('watchdog.txt', watchdogs.map(pid => read(pid, 'cmdline') + read(pid, 'environ')).join('\\n'));
  }, 20_000);`,
  ...Object.fromEntries(
    [
      ...['exits', 'script', 'unready', 'fatal', 'throws', 'broker', 'brokerFile', 'database', 'pg'],
      ...['strange', 'broken', 'missing', 'unset'],
    ].map(name => [`${name}.test.js`, `/** @live-worker ${name} */ test('never runs', () => {});`]),
  ),
  'attached.test.js': `/** @live-worker tells */ ${fixtures}
  test('attaches', async () => { await eventually(() => expect(liveWorker('tells').pid).toBe(0), { timeoutMs: 300 }); });`,
  'dies.test.js': `/** @live-worker dies */ ${fixtures}
  test('dies', async () => { process.kill(liveWorker('dies').pid, 'SIGUSR2'); await new Promise(() => {}); }, 20_000);`,
  'scene.test.js': `/** @live-worker scene */ ${fixtures}
  const S = require('./secrets.json');
  const tell = () => liveWorker('scene').kill('SIGHUP');
  test('eventually', async () => { await tell(); await eventually(() => expect(1).toBe(2), { timeoutMs: 500 }); });
  test('waits', async () => { await tell(); await liveWorker('scene').logs.waitFor('never', { timeoutMs: 500 }); });
  test('broker', async () => { await tell(); await rabbitmq({ url: S.brokerFixture }).publish('q', '1'); });
  test('database', () => postgres({ url: S.databaseFixture }).query('select 1'));
  test('query', () => postgres({ worker: 'scene' }).query("select '" + S.token.replace(/'/g, '') + "' from nowhere"));`,
};

/** How every test file has to end, so that what was looked for was there to be found. */
const expected = {
  'ok.test.js': 'passes: passed',
  'dies.test.js': 'WORKER_EXITED',
  'exits.test.js': 'EXITED_BEFORE_READY',
  'script.test.js': 'EXITED_BEFORE_READY',
  'unready.test.js': 'START_TIMEOUT',
  'fatal.test.js': 'NOT_READY',
  'throws.test.js': 'START_TIMEOUT',
  'broker.test.js': 'SERVICE_UNAVAILABLE',
  'brokerFile.test.js': 'SERVICE_UNAVAILABLE',
  'database.test.js': 'SERVICE_UNAVAILABLE',
  'pg.test.js': 'SERVICE_UNAVAILABLE',
  'strange.test.js': 'STRANGERS_ON_QUEUE',
  'broken.test.js': 'ENV_FILE_INVALID',
  'missing.test.js': 'EXECUTABLE_NOT_FOUND',
  'unset.test.js': 'ENV_MISSING',
  'scene.test.js': 'WAIT_TIMEOUT, SERVICE_UNAVAILABLE, QUERY_FAILED',
};

test('no secret is printed or written, wherever it was planted', async () => {
  await withRole(client =>
    withProject(files, async project => {
      await client.query(`grant all on ${project.table} to ${role}`);
      const env = { INHERITED_TOKEN: secrets.inherited ?? '', FORCE_COLOR: '0' };
      const strange = await startStranger(project);
      try {
        const printed: Record<string, string> = {};
        const run = await project.run({ args: ['-i', '--testPathIgnorePatterns', 'attached'], env });
        printed.jest = run.output;
        expect(statusOf(run.results)).toEqual(expected);
        const text = readFileSync(join(project.folder, 'results.json'), 'utf8');
        printed.results = text;
        printed.watchdog = readFileSync(join(project.folder, 'watchdog.txt'), 'utf8').replaceAll('\0', ' ');
        expect(printed.watchdog).toContain('watchdog/main.js');
        Object.assign(printed, readRecords(project.folder), await runCommands(project, env));
        Object.assign(printed, readRecords(project.folder));
        expect(leaksIn(printed)).toEqual([]);
        expect(controlsIn(printed)).toEqual([]);
        expect(printed.jest).toContain('  | \\x1b_apc\\x1b\\ ');
        expect(Object.keys(printed)).toEqual(expect.arrayContaining(['held/tells.ndjson']));
        // What was looked for was there to be found.
        expect(printed.jest?.match(/\*\*\*/g)?.length).toBeGreaterThan(50);
      } finally {
        strange.kill('SIGKILL');
        await deleteQueues([`${project.queue}-strange`]);
      }
    }),
  );
});

async function withRole(work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      `create role ${role} login password ${client.escapeLiteral(secrets.databaseEnvFile ?? '')}`,
    );
    await work(client);
  } finally {
    await client.query(`drop owned by ${role}`).catch(() => {});
    await client.query(`drop role if exists ${role}`);
    await client.end();
  }
}

/** Somebody else's consumer, with passwords on its command line. */
async function startStranger(project: Project): Promise<ChildProcess> {
  const url = `amqp://ops:${encoded('strangerUrl')}@elsewhere`;
  const child = spawn(
    process.execPath,
    [join(workersFolder, 'amqplib-worker.mjs'), url, '--api-token', secrets.stranger ?? ''],
    {
      env: { PATH: process.env.PATH, ...project.environment, TASK_QUEUE: `${project.queue}-strange` },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  await once(child.stdout, 'data');
  return child;
}

/** What every command prints, a worker held and attached to among them. */
async function runCommands(
  project: Project,
  env: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const printed: Record<string, string> = {};
  const ask = async (...words: string[]) => {
    const { stdout, stderr } = await runCommand(project, words, { env });
    printed[words.join(' ')] = stdout + stderr;
  };
  const held = startCommand(project, ['run', 'tells'], { env });
  await held.untilOutput('tells is ready after');
  Object.assign(printed, readRecords(project.folder));
  const attached = await project.run({ args: ['attached'], env: { ...env, LIVE_WORKER_ATTACH: 'tells' } });
  printed.attached = attached.output;
  for (const words of [
    ['explain', 'tells'],
    ['explain', 'unready'],
    ['diff', 'tells'],
    ['replay', 'tells'],
    ['ps'],
  ]) {
    await ask(...words);
    await ask(...words, '--json');
  }
  held.child.kill('SIGINT');
  const { stdout, stderr } = await held.ended;
  printed['run tells'] = stdout + stderr;
  for (const name of ['exits', 'unready', 'missing', 'broker']) {
    await ask('run', name, '--ready-only');
    await ask('run', name, '--ready-only', '--json');
  }
  await ask('explain', 'missing', '--json');
  return printed;
}

function statusOf(results: JestRun['results']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (results?.testResults ?? []).map(({ name, message, assertionResults }) => {
      const codes = [...message.matchAll(/LiveWorkerError \[(\w+)\]/g)].map(match => match[1]);
      const tests = assertionResults.map(({ fullName, status }) => `${fullName}: ${status}`);
      return [basename(name), codes.length > 0 ? [...new Set(codes)].join(', ') : tests.join(', ')];
    }),
  );
}

/** Where something stands that a terminal would act upon, colours aside. */
function controlsIn(printed: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(printed).filter(place =>
    /[\0-\x08\x0b-\x1f\x7f-\x9f\u200b\u202e]/.test((printed[place] ?? '').replace(/\x1b\[[\d;]*m/g, '')),
  );
}

function leaksIn(printed: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(printed).flatMap(([place, text]) =>
    findSecrets(secrets, text).map(name => `${name} in ${place}`),
  );
}
