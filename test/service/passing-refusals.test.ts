import type { ProbeAnswer } from '../../src/probe/probe.ts';
import { untilReady } from '../../src/probe/until-ready.ts';
import { DatabaseConnection } from '../../src/service/postgres/database-connection.ts';
import { databaseAnswersProbe } from '../../src/service/postgres/postgres-probe.ts';
import { closeOddServers, oddServers } from './odd-servers.ts';
import { postgresUrl } from './services.ts';

const { signal } = new AbortController();

afterEach(closeOddServers);

async function login(sqlState: string, times: number) {
  const url = new URL(postgresUrl);
  url.host = await oddServers.refusing(sqlState, times, postgresUrl);
  const connection = new DatabaseConnection(url.href, 'passing-refusals.test');
  const answers: ProbeAnswer[] = [];
  try {
    const outcome = await untilReady([databaseAnswersProbe(connection)], {
      signal,
      onAnswer: (_probe, answer) => answers.push(answer),
    });
    return { outcome, answers };
  } finally {
    await connection.close();
  }
}

test('FAULT 49: a Postgres that recovers is waited for', async () => {
  const { outcome, answers } = await login('57P03', 20);
  expect(outcome).toEqual({ kind: 'ready' });
  expect(answers).toHaveLength(21);
  expect(answers[0]).toMatchObject({
    kind: 'pending',
    why: expect.stringContaining('is starting up, recovering or shutting down (57P03)'),
  });
});

test('FAULT 50: a Postgres without a connection left is asked again, with rests, and then logged in to', async () => {
  const { outcome, answers } = await login('53300', 3);
  expect(outcome).toEqual({ kind: 'ready' });
  expect(answers.slice(0, 3)).toEqual(
    Array.from({ length: 3 }, () => ({
      kind: 'pending',
      why: expect.stringContaining('has no connection left (53300)'),
      hopelessAfterMs: 5_000,
      restMs: 250,
    })),
  );
});

test('FAULT 50: a Postgres that never has a connection left is given up, after few attempts', async () => {
  const { outcome, answers } = await login('53300', Number.POSITIVE_INFINITY);
  expect(outcome).toMatchObject({ kind: 'fatal', why: expect.stringContaining('(53300)') });
  expect(answers.length).toBeLessThan(30);
});
