import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { parseDatabaseLogin } from '../../../src/service/postgres/database-login.ts';
import { openClient } from '../../../src/service/postgres/open-client.ts';
import { readPassfile } from '../../../src/service/postgres/read-passfile.ts';
import { temporaryFolder } from '../../launch/temporary-folder.ts';
import { databaseUrl, locateDatabase } from '../locate-urls.ts';
import { postgresUrl } from '../services.ts';

const login = (env: Record<string, string>, cwd?: string) =>
  parseDatabaseLogin(databaseUrl(undefined, env, 'the probe', cwd));
const DATABASE_URL = 'postgres://h/d';

test.each([
  ['postgres://u@/db?host=/dir&port=5893', { host: '/dir', port: 5893, user: 'u', database: 'db' }],
  ['postgres:///db?host=/dir', { host: '/dir', port: 5432, database: 'db', user: userInfo().username }],
  ['postgresql://%2Frun%2Fpg/db', { host: '/run/pg', database: 'db' }],
  ['postgres://u:p@:6543/db', { host: 'localhost', port: 6543 }],
  ['postgres://h:1111/db?port=6543', { host: 'h', port: 6543 }],
  ['postgres://h/db?user=ann&password=p%40&dbname=jobs', { user: 'ann', password: 'p@', database: 'jobs' }],
  ['postgres://u:50%off@h/d', { user: 'u', password: '50%off' }],
  ['postgres://u:a@b@h/d', { password: 'a@b', host: 'h' }],
  ['postgres://h/d?options=-c%20search_path%3Dx+-c+a=b', { options: '-c search_path=x -c a=b' }],
  ['postgres://h/d?connect_timeout=30', { connectTimeoutMs: 30_000 }],
])('the URL %s is understood', (url, wanted) => {
  expect(login({ DATABASE_URL: url })).toMatchObject(wanted);
});

test.each([
  ['postgres://a:1,b:2/d', {}, 'it names 2 hosts, where only one can be asked'],
  ['postgres://h/d?host=a,b', {}, 'it names 2 hosts, where only one can be asked'],
  [
    'postgres://u:sesame/x@h/d',
    {},
    'its port is no number from 1 to 65535; "/", "?", "#" and "@" of a password are written %2F',
  ],
  ['postgres://u:%00@h/d', {}, 'its password holds a NUL character'],
  ['postgres://u:%ff@h/d', {}, 'the escapes in its password are no UTF-8'],
  [
    'postgres://h/d?sslmode=full',
    {},
    'its sslmode is "full", wanted "disable", "allow", "prefer", "require"',
  ],
  ['postgres://h/d?ssl={}', {}, 'its parameter ssl is no mode of libpq'],
  [DATABASE_URL, { PGSSLMODE: 'strict' }, 'PGSSLMODE is "strict", wanted "disable"'],
  ['postgres:///d', { PGHOST: 'a,b' }, 'PGHOST names several hosts, where only one can be asked'],
  [DATABASE_URL, { PGPORT: 'x' }, 'PGPORT names no port from 1 to 65535'],
  [DATABASE_URL, { PGGSSENCMODE: 'require' }, 'PGGSSENCMODE beside it is "require"'],
  [
    DATABASE_URL,
    { PGSERVICE: 'ops', PGSERVICEFILE: '/nowhere/x' },
    'PGSERVICE is "ops", which is not in /nowhere/x',
  ],
])('%s with %j is refused by name', (url, env, why) => {
  expect(() => login({ DATABASE_URL: url, ...env })).toThrow(`Cannot use DATABASE_URL for the probe: ${why}`);
});

test("the worker's libpq variables say what its URL does not", () => {
  const env = {
    DATABASE_URL: 'postgres://h',
    PGHOST: 'other',
    PGPORT: '6543',
    PGUSER: 'ann',
    PGPASSWORD: 'p/@:?#[]% ü',
    PGDATABASE: 'jobs',
    PGOPTIONS: '-c search_path=app',
    PGCONNECT_TIMEOUT: '10',
    PGSSLMODE: 'verify-full',
    PGSSLROOTCERT: 'ca.pem',
    PGSSLCERT: '/c.pem',
    PGSSLKEY: '/k.pem',
  };
  expect(login(env, '/app')).toEqual({
    host: 'h',
    port: 6543,
    user: 'ann',
    password: 'p/@:?#[]% ü',
    database: 'jobs',
    passfile: undefined,
    hostAddress: undefined,
    options: '-c search_path=app',
    connectTimeoutMs: 10_000,
    tls: {
      mode: 'verify-full',
      isDirect: false,
      rootCertificates: '/app/ca.pem',
      certificate: '/c.pem',
      key: '/k.pem',
      passphrase: undefined,
    },
  });
  expect(locateDatabase(undefined, env, 'the probe').beside).toEqual(
    Object.keys(env)
      .filter(name => !/^(DATABASE_URL|PGHOST)$/.test(name))
      .sort((a, b) => order.indexOf(a) - order.indexOf(b)),
  );
});
const order = [
  'PGPORT',
  'PGUSER',
  'PGPASSWORD',
  'PGDATABASE',
  'PGOPTIONS',
  'PGCONNECT_TIMEOUT',
  'PGSSLMODE',
  'PGSSLROOTCERT',
  'PGSSLCERT',
  'PGSSLKEY',
];

test('a URL that says all stays as it is written, whatever the variables say', () => {
  const url = 'postgresql://u:p@h:5433/d?sslmode=disable';
  const env = {
    DATABASE_URL: url,
    PGHOST: 'x',
    PGPORT: '1',
    PGUSER: 'y',
    PGPASSWORD: 'z',
    PGDATABASE: 'w',
    PGSSLMODE: 'require',
  };
  expect(databaseUrl(undefined, env, 'the probe')).toBe(url);
});

test('the service comes before the variables, and the URL before both', () => {
  const folder = temporaryFolder({
    '.pg_service.conf':
      '# ours\n[other]\nhost=wrong\n[ops]\nhost=db.test\nport = 6000\nuser=ann\npassword=sesame\nsslmode=require\n[next]\nport=1\n',
  });
  const wanted = { host: 'db.test', port: 6000, user: 'bob', password: 'sesame', tls: { mode: 'require' } };
  expect(
    login({ HOME: folder, PGSERVICE: 'ops', PGPORT: '7000', DATABASE_URL: 'postgres://bob@/d' }),
  ).toMatchObject(wanted);
  expect(
    login({ PGSERVICEFILE: join(folder, '.pg_service.conf'), DATABASE_URL: 'postgres://bob@/d?service=ops' }),
  ).toMatchObject(wanted);
  expect(login({ HOME: folder, PGSERVICE: 'ops' })).toMatchObject({ host: 'db.test', user: 'ann' });
});

test('the password file of the worker counts as libpq reads it', () => {
  const folder = temporaryFolder({
    '.pgpass': '# h:*:*:ann:wrong\nh:5433:d:ann:wrong\nh:*:*:ann:a\\:b\\\\c\n*:*:*:*:any\n',
  });
  const path = join(folder, '.pgpass');
  chmodSync(path, 0o600);
  const of = (host: string, user: string) => readPassfile(path, { host, port: 5432, database: 'd', user });
  expect([of('h', 'ann'), of('h', 'bob')]).toEqual(['a:b\\c', 'any']);
  expect(login({ HOME: folder, DATABASE_URL }).passfile).toBe(path);
  expect(login({ HOME: folder, DATABASE_URL: 'postgres://u:p@h/d' }).passfile).toBeUndefined();
  expect(login({ PGPASSFILE: 'pass', DATABASE_URL }, '/app').passfile).toBe('/app/pass');
  chmodSync(path, 0o644);
  expect(of('h', 'ann')).toBeUndefined();
});

test('certificates in the home folder of the worker count where TLS is asked for', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, '.postgresql'));
  for (const file of ['root.crt', 'postgresql.crt', 'postgresql.key'])
    writeFileSync(join(folder, '.postgresql', file), 'x');
  expect(login({ HOME: folder, DATABASE_URL }).tls).toMatchObject({
    rootCertificates: undefined,
    certificate: undefined,
  });
  expect(login({ HOME: folder, DATABASE_URL, PGSSLMODE: 'verify-full' }).tls).toMatchObject({
    rootCertificates: join(folder, '.postgresql/root.crt'),
    certificate: join(folder, '.postgresql/postgresql.crt'),
  });
});

test("nothing of this process's own libpq variables reaches a connection", async () => {
  const before = { ...process.env };
  const { signal } = new AbortController();
  Object.assign(process.env, {
    PGHOST: 'nowhere.invalid',
    PGPORT: '1',
    PGUSER: 'nobody_there',
    PGDATABASE: 'nowhere',
    PGPASSWORD: 'wrong',
    PGSSLMODE: 'require',
    PGSSLNEGOTIATION: 'nonsense',
    PGOPTIONS: '-c no_such_setting=1',
    PGREPLICATION: 'database',
    PGAPPNAME: 'ours',
  });
  try {
    const url = Object.assign(new URL(postgresUrl), { search: '' }).href;
    const client = await openClient(url, { name: 'libpq.test', signal });
    const { rows } = await client.query("select current_setting('application_name') as name");
    expect(rows).toEqual([{ name: 'libpq.test' }]);
    await client.end();
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
});
