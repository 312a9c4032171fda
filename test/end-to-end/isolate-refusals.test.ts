import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { configFile, opsWorker } from './harness/config-file.ts';
import { failedRun } from './harness/failure-of.ts';
import { reporters, withIsolatedProject } from './harness/isolated-project.ts';
import { listSlots, withAdmin } from './harness/list-slots.ts';
import type { Project } from './harness/project.ts';

jest.setTimeout(180_000);

const files = {
  'jest.config.js': configFile(opsWorker, { session: 'isolate: true,', jest: reporters }),
  'a.test.js': `test('never runs', () => {});`,
  'escapes.test.js': `process.env.DATABASE_URL = 'postgres://somebody:secret@127.0.0.1/shared';\ntest('never runs', () => {});`,
  'bare.config.js': configFile(opsWorker, { session: 'isolate: true,' }),
  'none.config.js': configFile(`web: { command: ['node', '-e', ''], inherit: ['PATH'], ready: [] },`, {
    session: 'isolate: true,',
    jest: reporters,
  }),
};

async function refused(
  project: Project,
  file: string,
  options: Parameters<typeof failedRun>[2],
): Promise<string> {
  const { text } = await failedRun(project, file, options);
  expect(await listSlots(project)).toEqual([]);
  return text;
}

test('a user who may not create databases is told the grant', () =>
  withIsolatedProject(files, async (project, baseUrl) => {
    const role = `lw_test_${randomBytes(4).toString('hex')}`;
    await withAdmin(client => client.query(`create role ${role} login password '${role}'`));
    try {
      const url = Object.assign(new URL(baseUrl), { username: role, password: role }).href;
      const text = await refused(project, 'a.test.js', { args: ['a.test'], env: { DATABASE_URL: url } });
      expect(text).toContain('LiveWorkerError [SLOT_UNAVAILABLE]: Cannot make a slot of Postgres database');
      expect(text).toContain(`cause:  user "${role}" has not the right CREATEDB`);
      expect(text).toContain(`change: as a superuser: ALTER ROLE "${role}" CREATEDB`);
      await withAdmin(client => client.query(`alter role ${role} createdb`));
      const next = await refused(project, 'a.test.js', { args: ['a.test'], env: { DATABASE_URL: url } });
      expect(next).toMatch(/may not copy database "\w+": it belongs to another user and is no template/);
      expect(next).toContain(`OWNER TO "${role}"`);
    } finally {
      await withAdmin(client => client.query(`drop role ${role}`));
    }
  }));

test('a database in use is not copied: who uses it, and the ways out', () =>
  withIsolatedProject(files, async (project, baseUrl) => {
    const session = new Client({ connectionString: baseUrl, application_name: 'somebody else' });
    await session.connect();
    try {
      const text = await refused(project, 'a.test.js', { args: ['a.test'] });
      expect(text).toMatch(
        /has: pid \d+ \(application_name "somebody else", user "\w+", from [\d.:]+, idle\)/,
      );
      expect(text).toContain('isolate: { postgres: { prepare:');
    } finally {
      await session.end();
    }
  }));

test('a broker without a way to make vhosts is told both, and what opens them', () =>
  withIsolatedProject(files, async project => {
    const text = await refused(project, 'a.test.js', { args: ['a.test'], env: { PATH: '/nowhere' } });
    expect(text).toMatch(/cause: {2}the management API at \S+ .*; rabbitmqctl cannot be used/);
    expect(text).toContain('rabbitmq-plugins enable rabbitmq_management');
    expect(text).toContain('or: isolate: { rabbitmq: false }');
  }));

test('a server that is not there is told as without isolate, after it was waited for', () =>
  withIsolatedProject(
    {
      ...files,
      'jest.config.js': files['jest.config.js'].replace(
        'isolate: true,',
        'isolate: true, startTimeoutMs: 1000,',
      ),
    },
    async project => {
      const env = { DATABASE_URL: 'postgres://postgres@127.0.0.1:1/app' };
      const text = await refused(project, 'a.test.js', { args: ['a.test'], env });
      expect(text).toContain('[SERVICE_UNAVAILABLE]');
      expect(text).toContain('127.0.0.1:1');
    },
  ));

test('a file that leads itself past its slot, a run without the reporter and workers without a service', () =>
  withIsolatedProject(files, async project => {
    const text = await refused(project, 'escapes.test.js', { args: ['escapes'] });
    expect(text).toContain('[SLOT_ESCAPED]');
    expect(text).toContain('process.env.DATABASE_URL leads past its slot');
    expect(text).not.toContain('secret');
    const bare = await refused(project, 'a.test.js', { args: ['a.test', '-c', 'bare.config.js'] });
    expect(bare).toContain('[REPORTER_MISSING]: Cannot isolate a.test.js');
    const none = await refused(project, 'a.test.js', { args: ['a.test', '-c', 'none.config.js'] });
    expect(none).toContain('isolate: got workers that use neither RabbitMQ nor Postgres: "web"');
  }));
