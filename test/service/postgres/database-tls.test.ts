import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { DatabaseConnection } from '../../../src/service/postgres/database-connection.ts';
import { databaseAnswersProbe } from '../../../src/service/postgres/postgres-probe.ts';
import { privatePostgres } from '../../services/own-server.ts';
import { databaseUrl } from '../locate-urls.ts';

jest.setTimeout(60_000);

let server: { readonly value: string; stop(): Promise<unknown> };
let folder: string;
/** Without its scheme and query. */
let host: string;
let password: string;
let login: string;

beforeAll(async () => {
  const attempt = await privatePostgres(new AbortController().signal);
  if (attempt.kind !== 'provided') throw new Error(JSON.stringify(attempt));
  server = attempt;
  const url = new URL(server.value);
  host = `localhost:${url.port}`;
  password = url.password;
  login = url.username;
  folder = mkdtempSync(join(tmpdir(), 'live-worker-tls-'));
  certify('server', 'localhost');
  certify('stranger', 'localhost');
  certify('elsewhere', 'elsewhere.test');
  await serveTls('server');
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function certify(name: string, commonName: string): void {
  const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', `/CN=${commonName}`];
  const files = [
    '-addext',
    `subjectAltName=DNS:${commonName}`,
    '-keyout',
    path(`${name}.key`),
    '-out',
    path(`${name}.crt`),
  ];
  execFileSync('openssl', [...words, ...files], { stdio: 'ignore' });
}

function path(file: string): string {
  return join(folder, file);
}

/** The server writes its own files, so they are its user's and nobody else may read them, or it would not take the key. */
async function serveTls(name: string): Promise<void> {
  await asAdmin(async admin => {
    for (const kind of ['crt', 'key'])
      await write(admin, `server.${kind}`, readFileSync(path(`${name}.${kind}`), 'utf8'));
    await admin.query('alter system set ssl = on');
    await admin.query('select pg_reload_conf()');
  });
  await untilReady(() => judge('sslmode=require'));
}

/** Replaces who may log in how. */
async function allow(...lines: readonly string[]): Promise<void> {
  await asAdmin(async admin => {
    await write(admin, 'pg_hba.conf', [`hostssl all ${login} all scram-sha-256`, ...lines].join('\n'));
    await admin.query('select pg_reload_conf()');
    await admin.query('create role guest login').catch(() => {});
  });
}

async function write(admin: Client, file: string, text: string): Promise<void> {
  const { rows } = await admin.query("select current_setting('data_directory') as folder");
  const lines = text
    .trimEnd()
    .split('\n')
    .map(line => `('${line}')`)
    .join(',');
  await admin.query(`copy (values ${lines}) to program 'umask 077; cat > ${rows[0].folder}/${file}'`);
}

async function asAdmin(work: (admin: Client) => Promise<void>): Promise<void> {
  const admin = new Client({ connectionString: server.value, ssl: false });
  const secure = new Client({ connectionString: server.value, ssl: { rejectUnauthorized: false } });
  const client = await admin.connect().then(
    () => admin,
    () => secure.connect().then(() => secure),
  );
  await work(client).finally(() => client.end());
}

/** A server takes a moment to read its files again. */
async function untilReady(ask: () => Promise<string>): Promise<void> {
  const deadline = performance.now() + 5_000;
  for (;;) {
    const answer = await ask();
    if (answer === 'ready') return;
    if (performance.now() > deadline) throw new Error(answer);
  }
}

async function judge(
  query: string,
  env: Record<string, string> = {},
  user = `${login}:${password}`,
): Promise<string> {
  const DATABASE_URL = `postgres://${user}@${host}/postgres?${query}`;
  const connection = new DatabaseConnection(
    databaseUrl(undefined, { DATABASE_URL, ...env }, 'the probe'),
    'x',
  );
  try {
    const answer = await databaseAnswersProbe(connection).check(new AbortController().signal);
    return answer.kind === 'ready' ? 'ready' : answer.why;
  } finally {
    await connection.close();
  }
}

/** True when the session that a URL opens is encrypted. */
async function isEncrypted(query: string): Promise<boolean> {
  const url = databaseUrl(
    undefined,
    { DATABASE_URL: `postgres://${login}:${password}@${host}/postgres?${query}` },
    'x',
  );
  const connection = new DatabaseConnection(url, 'x');
  const { rows } = await connection.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
  await connection.close();
  return (rows[0] as { readonly ssl: boolean }).ssl;
}

test.each([
  ['', false],
  ['sslmode=disable', false],
  ['sslmode=allow', false],
  ['sslmode=prefer', true],
  ['sslmode=require', true],
  ['sslmode=no-verify', true],
  ['ssl=true', true],
  ['ssl=require', true],
  ['ssl=false', false],
  ['sslmode=require&uselibpqcompat=true', true],
])('a self-signed server and "%s": encrypted %s', async (query, encrypted) => {
  expect(await isEncrypted(query)).toBe(encrypted);
});

test('certificates are looked at where libpq looks at them', async () => {
  const ca = `sslrootcert=${encodeURIComponent(path('server.crt'))}`;
  const other = `sslrootcert=${encodeURIComponent(path('stranger.crt'))}`;
  const refused = expect.stringMatching(/^TLS with localhost:\d+ failed \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/);
  expect(await judge(`sslmode=verify-full&${ca}`)).toBe('ready');
  expect(await judge(`sslmode=verify-ca&${ca}`)).toBe('ready');
  expect(await judge(`sslmode=require&${ca}`)).toBe('ready');
  expect(await judge('sslmode=verify-full')).toEqual(refused);
  expect(await judge('ssl=verify-full')).toEqual(refused);
  for (const mode of ['verify-ca', 'verify-full', 'require'])
    expect(await judge(`sslmode=${mode}&${other}`)).toEqual(refused);
  expect(await judge('', { PGSSLMODE: 'verify-full', PGSSLROOTCERT: path('server.crt') })).toBe('ready');
  expect(await judge('', { PGSSLMODE: 'verify-full' })).toEqual(refused);
  expect(await judge('sslmode=verify-full&sslrootcert=/nowhere/ca.pem')).toContain(
    'the file "/nowhere/ca.pem" of sslrootcert cannot be read (ENOENT)',
  );
});

test('a server for another name is refused by verify-full alone', async () => {
  await serveTls('elsewhere');
  const ca = `sslrootcert=${encodeURIComponent(path('elsewhere.crt'))}`;
  await untilReady(() => judge(`sslmode=verify-ca&${ca}`));
  expect(await judge(`sslmode=verify-full&${ca}`)).toMatch(
    /^TLS with localhost:\d+ failed \(ERR_TLS_CERT_ALTNAME_INVALID\)$/,
  );
});

test('a server that wants TLS, or does not, gets it as the mode allows', async () => {
  await allow('hostssl all guest all trust');
  await untilReady(() => judge('', {}, 'guest'));
  expect(await judge('sslmode=allow', {}, 'guest')).toBe('ready');
  expect(await judge('sslmode=disable', {}, 'guest')).toContain('no encryption');
  await allow('hostnossl all guest all trust');
  await untilReady(() => judge('sslmode=disable', {}, 'guest'));
  expect(await judge('sslmode=prefer', {}, 'guest')).toBe('ready');
  expect(await judge('sslmode=require', {}, 'guest')).toContain('refused the login of user "guest"');
});

test('a password that is asked for comes from the file of the worker, and is missed by its name', async () => {
  const file = path('pass');
  writeFileSync(file, `localhost:*:*:${login}:${password}\n`);
  chmodSync(file, 0o600);
  expect(await judge('', { PGPASSFILE: file }, login)).toBe('ready');
  expect(await judge('', { PGPASSWORD: password }, login)).toBe('ready');
  chmodSync(file, 0o644);
  expect(await judge('', { PGPASSFILE: file }, login)).toContain(
    `(28P01): it asks for a password, and none is given (the password file "${file}" may be read by others`,
  );
  expect(await judge('', {}, login)).toMatch(/\(28P01\): it asks for a password, and none is given$/);
});
