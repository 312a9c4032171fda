import {
  moveDatabaseUrl,
  moveDatabaseVariables,
  placeOfDatabase,
} from '../../../../src/service/postgres/slots/move-database.ts';

const surroundings = { env: {}, cwd: '/' };
const move = { place: 'localhost:5432/app', name: 'lw_0123456789ab_1' };

test.each([
  ['postgres://me:a%2Fb@127.0.0.1/app', 'postgres://me:a%2Fb@127.0.0.1/lw_0123456789ab_1'],
  [
    'postgresql+asyncpg://me@localhost:5432/app?ssl=1',
    'postgresql+asyncpg://me@localhost:5432/lw_0123456789ab_1?ssl=1',
  ],
  ['jdbc:postgresql://localhost/app?user=me', 'jdbc:postgresql://localhost/lw_0123456789ab_1?user=me'],
  ['postgres://localhost/?dbname=app', 'postgres://localhost/lw_0123456789ab_1?dbname=lw_0123456789ab_1'],
  ['postgres://other/app', undefined],
  ['postgres://localhost/app2', undefined],
  ['postgres://localhost:5433/app', undefined],
  ['postgres://one,two/app', undefined],
  ['amqp://localhost/app', undefined],
])('%s becomes %s', (text, moved) => {
  expect(moveDatabaseUrl(text, move, surroundings)).toBe(moved);
});

test('a folder of Unix sockets is a place of its own, and stays', () => {
  const url = 'postgres:///app?host=/run/postgresql';
  const place = placeOfDatabase(url, surroundings);
  expect(place).toBe('/run/postgresql:5432/app');
  expect(moveDatabaseUrl(url, { ...move, place }, surroundings)).toBe(
    'postgres:///lw_0123456789ab_1?host=/run/postgresql',
  );
});

test('what libpq’s variables lack is filled in, and the database among them is moved', () => {
  const env = { PGHOST: 'localhost', PGDATABASE: 'app', PGUSER: 'me' };
  expect(moveDatabaseVariables(move, { env, cwd: '/' })).toEqual({ PGDATABASE: move.name });
  expect(moveDatabaseUrl('postgres:///app', move, { env, cwd: '/' })).toBe(`postgres:///${move.name}`);
  expect(moveDatabaseVariables(move, { env: { ...env, PGDATABASE: 'other' }, cwd: '/' })).toEqual({});
  expect(moveDatabaseVariables(move, surroundings)).toEqual({});
});
