import { userInfo } from 'node:os';
import { foundService, type GivenUrl, givenUrl, useGiven } from './given-url.ts';
import { postgresRefusal } from './postgres-refusal.ts';
import { type ServiceAttempt, unavailable } from './service.ts';

export async function findPostgres(): Promise<ServiceAttempt> {
  const given = givenUrl(['DATABASE_URL', 'POSTGRES_URL']) ?? urlOfLibpqVariables();
  if (given) return useGiven(given, postgresRefusal);
  const answers = new Set<string>();
  for (const user of ['postgres', 'postgres:postgres', encodeURIComponent(userInfo().username)]) {
    const url = `postgres://${user}@127.0.0.1:5432/postgres`;
    const answer = await postgresRefusal(url);
    if (answer === undefined) return foundService(url, 'found on this machine');
    answers.add(answer);
  }
  return unavailable(`127.0.0.1:5432 answered "${[...answers].join('", "')}"`);
}

function urlOfLibpqVariables(): GivenUrl | undefined {
  const { PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE } = process.env;
  if (!(PGHOST || PGPORT || PGUSER || PGDATABASE)) return undefined;
  const user = encodeURIComponent(PGUSER || userInfo().username);
  const login = PGPASSWORD ? `${user}:${encodeURIComponent(PGPASSWORD)}` : user;
  const host = encodeURIComponent(PGHOST || '127.0.0.1');
  const database = encodeURIComponent(PGDATABASE || 'postgres');
  return { variable: 'PG*', url: `postgres://${login}@${host}:${PGPORT || '5432'}/${database}` };
}
