import { userInfo } from 'node:os';
import { findService } from './find-service.ts';
import { type GivenUrl, givenUrl } from './given-url.ts';
import { serverRefusal } from './server-refusal.ts';
import type { ServiceAttempt } from './service.ts';

export function findPostgres(): Promise<ServiceAttempt> {
  const usual = (login: string) => `postgres://${login}@127.0.0.1:5432/postgres`;
  return findService({
    given: givenUrl(['DATABASE_URL', 'POSTGRES_URL']) ?? urlOfLibpqVariables(),
    usualUrls: [
      usual('postgres'),
      usual('postgres:postgres'),
      usual(encodeURIComponent(userInfo().username)),
    ],
    refusal: serverRefusal('postgres'),
  });
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
