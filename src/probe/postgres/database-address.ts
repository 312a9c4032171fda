/** The parts of a Postgres URL that may stand in messages. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

/** @throws TypeError when it is no `postgres:` or `postgresql:` URL. */
export function parseDatabaseUrl(url: string): DatabaseAddress {
  const parsed = new URL(url);
  if (!/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw new TypeError(`its scheme is "${parsed.protocol.slice(0, -1)}", wanted "postgres" or "postgresql"`);
  }
  const user = decodeURIComponent(parsed.username || parsed.searchParams.get('user') || 'postgres');
  return {
    host: decodeURIComponent(parsed.searchParams.get('host') || parsed.hostname || 'localhost'),
    port: Number(parsed.port) || 5432,
    user,
    database: decodeURIComponent(parsed.pathname.slice(1)) || user,
  };
}

export function describeDatabase({ host, port, database }: DatabaseAddress): string {
  return `Postgres database "${database}" at ${host}:${port}`;
}
