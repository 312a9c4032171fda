import { toldByDatabase } from '../../../src/diagnose/causes/told-by-database.ts';
import { findCauses } from '../../../src/diagnose/find-causes.ts';
import { database, evidence, stderr, variable } from '../crafted-evidence.ts';
import { testRules } from './test-rules.ts';

const refusedLogin = 'password authentication failed for user "ops"';
const variables = [variable('DATABASE_URL', 'postgres://ops:***@localhost/ops', 'set in .env:4')];

test.each([
  [
    'node-pg',
    `error: ${refusedLogin}`,
    `${refusedLogin} (28P01)`,
    'correct the user and the password in DATABASE_URL',
  ],
  ['node-pg in another language', "  code: '28P01',", '28P01', 'correct the user and the password'],
  [
    'psycopg2',
    `psycopg2.OperationalError: connection to server at "127.0.0.1", port 5432 failed: FATAL:  ${refusedLogin}`,
    refusedLogin,
    'correct the user',
  ],
  [
    'psycopg',
    `psycopg.OperationalError: connection failed: connection to server at "::1", port 5432 failed: FATAL:  ${refusedLogin}`,
    refusedLogin,
    'correct the user',
  ],
  ['asyncpg', `asyncpg.exceptions.InvalidPasswordError: ${refusedLogin}`, refusedLogin, 'correct the user'],
  [
    'pgx',
    `failed to connect to \`user=ops database=ops\`: [::1]:5432 (localhost): server error: FATAL: ${refusedLogin} (SQLSTATE 28P01)`,
    refusedLogin,
    'correct the user',
  ],
  ['lib/pq', `pq: ${refusedLogin}`, refusedLogin, 'correct the user'],
  ['JDBC', `org.postgresql.util.PSQLException: FATAL: ${refusedLogin}`, refusedLogin, 'correct the user'],
  [
    'Sequelize',
    `ConnectionError [SequelizeConnectionError]: ${refusedLogin}`,
    refusedLogin,
    'correct the user',
  ],
  [
    'Prisma, a login',
    'Error: P1000: Authentication failed against database server, the provided database credentials for `ops` are not valid.',
    'P1000: Authentication failed',
    'correct the user',
  ],
  [
    'Prisma, a database',
    'Database `nope` does not exist on the database server at `localhost:5432`.',
    'Database `nope` does not exist',
    'createdb it',
  ],
  [
    'Prisma, a table',
    'The table `public.Task` does not exist in the current database.',
    'The table `public.Task` does not exist',
    'run the migrations',
  ],
  [
    'psycopg2, a database',
    'FATAL:  database "nope" does not exist',
    'database "nope" does not exist (3D000)',
    'createdb it and run the migrations, or correct the path of DATABASE_URL',
  ],
  [
    'asyncpg, a database',
    'asyncpg.exceptions.InvalidCatalogNameError: database "nope" does not exist',
    '(3D000)',
    'createdb it',
  ],
  [
    'PDO, a database',
    'SQLSTATE[08006] [7] connection to server at "127.0.0.1", port 5432 failed: FATAL:  database "nope" does not exist',
    '(3D000)',
    'createdb it',
  ],
  [
    'node-pg, a role',
    'error: role "nobody" does not exist',
    'role "nobody" does not exist (28000)',
    'pg_hba.conf',
  ],
  [
    'libpq, pg_hba',
    'FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "ops", database "ops", no encryption',
    'no pg_hba.conf entry for host "10.0.0.1"',
    'pg_hba.conf',
  ],
  [
    'TypeORM, a right',
    'QueryFailedError: permission denied for table task',
    'permission denied for table task (42501)',
    'GRANT it',
  ],
  [
    'asyncpg, too many',
    'asyncpg.exceptions.TooManyConnectionsError: sorry, too many clients already',
    '(53300)',
    'max_connections',
  ],
  [
    'libpq, reserved slots',
    'FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute',
    '(53300)',
    'max_connections',
  ],
  [
    'asyncpg, a start',
    'asyncpg.exceptions.CannotConnectNowError: the database system is starting up',
    '(57P03)',
    'try again',
  ],
  [
    'psycopg2, an end',
    'psycopg2.errors.AdminShutdown: terminating connection due to administrator command',
    '(57P01)',
    'pg_terminate_backend',
  ],
  [
    'Ruby, a column',
    'PG::UndefinedColumn: ERROR:  column task.state does not exist',
    'column task.state does not exist (42703)',
    'run the migrations',
  ],
  [
    'any, a schema',
    'ERROR: schema "ops" does not exist (SQLSTATE 3F000)',
    'schema "ops" does not exist',
    'the schema in DATABASE_URL',
  ],
  [
    'sqlx',
    'Database(PgDatabaseError { severity: Fatal, code: "28P01", message: "Passwort-Authentifizierung fehlgeschlagen" })',
    '28P01',
    'correct the user',
  ],
])('toldByDatabase() quotes what %s was told', (_client, line, quoted, change) => {
  const cause = toldByDatabase(evidence({ ...stderr('before', line, 'after'), variables }));
  expect(cause?.text).toContain('Postgres told it: ');
  expect(cause?.text).toContain(quoted);
  expect(cause?.text).toContain('\nIts URL comes from DATABASE_URL, set in .env:4');
  expect(cause?.change.join()).toContain(change);
});

test('a table that is missing is left to the rule that knows more of it', () => {
  const seen = {
    ...stderr('error: relation "task" does not exist', "  code: '42P01',"),
    services: [database],
  };
  expect(findCauses(evidence(seen)).map(({ text }) => text)).toEqual([
    'relation "task" does not exist in the database of Postgres at localhost:5432 (DATABASE_URL, set in .env:4)',
  ]);
});

testRules({
  shown: [
    [
      toldByDatabase,
      'the words, not the code below them',
      stderr('error: database "nope" does not exist', "  code: '3D000',"),
      ['Postgres told it: database "nope" does not exist (3D000)'],
    ],
    [
      toldByDatabase,
      'the message in another language above its code',
      stderr('error: Relation »task« existiert nicht', '    at x (/app/x.js:1:2) {', "  code: '42P01',"),
      ['Postgres told it: Relation »task« existiert nicht (42P01)', 'run the migrations'],
    ],
    [
      toldByDatabase,
      'the variable of the user it speaks of',
      {
        ...stderr(`FATAL: ${refusedLogin}`),
        variables: [variable('REPORTS_URL', 'postgres://reader:***@localhost/ops'), ...variables],
      },
      ['DATABASE_URL'],
    ],
  ],
  silent: [
    [
      toldByDatabase,
      'words of the worker itself',
      stderr('role ops does not exist yet', 'permission denied'),
    ],
  ],
});
