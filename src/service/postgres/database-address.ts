import { userInfo } from 'node:os';
import { type DatabaseUrlParts, splitDatabaseUrl } from './split-database-url.ts';

/** The parts of a Postgres URL that may stand in messages. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

/** @throws UnusableUrl */
export function parseDatabaseUrl(url: string): DatabaseAddress {
  return addressOf(splitDatabaseUrl(url));
}

/** Fills in what libpq does: the user is the one of the system, the database is called after the user. */
export function addressOf({ host, port, user = systemUser(), database }: DatabaseUrlParts): DatabaseAddress {
  return { host: host ?? 'localhost', port: port ?? 5432, user, database: database ?? user };
}

export function describeDatabase({ host, port, database }: DatabaseAddress): string {
  return `Postgres database "${database}" at ${host}:${port}`;
}

/** A container may run under an id that has no name. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return 'postgres';
  }
}
