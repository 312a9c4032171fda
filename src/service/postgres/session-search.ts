import { type ProbeAnswer, pending, ready } from '../../probe/probe.ts';
import type { OpenedSocket } from '../../probe/probe-context.ts';
import type { DatabaseConnection } from './database-connection.ts';
import type { QueryTerms } from './query-turn.ts';

/** What tells a session of the worker from others. */
export interface SessionMark {
  readonly applicationName: string;
  /** The connections its processes have opened; undefined where that cannot be seen. */
  sockets(): readonly OpenedSocket[] | undefined;
}

interface Session {
  readonly database: string | null;
  readonly user: string | null;
  /** Of this database: the search was begun before it, and it is none of this process. */
  readonly isNew: boolean | null;
  readonly isMarked: boolean | null;
  readonly port: number | null;
}

interface SearchedServer {
  readonly startedAt: string;
  /** False when something between changes the ports: a proxy of Docker, a pooler. */
  readonly isDirect: boolean;
}

/** Looks for a session of the worker in all databases of the server: by its name, and by the ports of its connections. */
export class SessionSearch {
  readonly #mark: SessionMark;
  readonly #connection: DatabaseConnection;
  #server: SearchedServer | undefined;

  constructor(mark: SessionMark, connection: DatabaseConnection) {
    this.#mark = mark;
    this.#connection = connection;
  }

  async check(terms: QueryTerms): Promise<ProbeAnswer> {
    const { database } = this.#connection.address;
    const { startedAt, isDirect } = await this.#look(terms);
    const { applicationName } = this.#mark;
    const { rows } = await this.#connection.query(sessions, [applicationName, startedAt], terms);
    const all = rows as Session[];
    const isHere = (session: Session) => session.database === database;
    if (all.some(session => session.isMarked && isHere(session))) return ready;
    const sockets = this.#toServer();
    const ports = new Set(sockets?.map(({ localPort }) => localPort));
    const own = all.filter(
      ({ isMarked, port }) => isMarked || (isDirect && port !== null && ports.has(port)),
    );
    if (own.some(isHere)) return ready;
    if (!isDirect && ports.size > 0 && all.some(session => session.isNew && isHere(session))) return ready;
    const [elsewhere] = own;
    if (elsewhere) return pending(describeElsewhere(elsewhere, database));
    return pending(this.#describeNone(sockets, all.some(isHidden)));
  }

  /** Once, and at the first look: what comes later may be the worker's. */
  async #look(terms: QueryTerms): Promise<SearchedServer> {
    if (this.#server) return this.#server;
    const { rows } = await this.#connection.query(serverQuery, [], terms);
    const { startedAt, port } = rows[0] as { readonly startedAt: string; readonly port: number | null };
    this.#server = { startedAt, isDirect: port === this.#connection.localPort };
    return this.#server;
  }

  #toServer(): readonly OpenedSocket[] | undefined {
    const { host, port } = this.#connection.address;
    return host.startsWith('/') ? undefined : this.#mark.sockets()?.filter(({ peer }) => peer.port === port);
  }

  #describeNone(sockets: readonly OpenedSocket[] | undefined, isAnyHidden: boolean): string {
    const { host, port, user, database } = this.#connection.address;
    const none = `the worker has no session in database "${database}" (application_name "${this.#mark.applicationName}")`;
    if (host.startsWith('/')) return `${none}; over a Unix socket only its application_name can tell`;
    if (!sockets) return none;
    if (sockets.length === 0) return `${none}, and no connection to ${host}:${port}`;
    if (isAnyHidden)
      return `the worker has a connection to ${host}:${port}, but user "${user}" may not see the sessions of other users: grant it pg_read_all_stats`;
    return `the worker has a connection to ${host}:${port}, but no session there can be told to be its own: is a pooler between?`;
  }
}

/** The names and ports of others are hidden from a user without the right to see them. */
function isHidden({ user, isMarked }: Session): boolean {
  return user !== null && isMarked === null;
}

function describeElsewhere({ database, user }: Session, wanted: string): string {
  return `the worker is logged in to database "${database}" as user "${user}", and the probe asks for database "${wanted}"`;
}

const serverQuery = `
  select (clock_timestamp() - interval '2 seconds')::text as "startedAt", inet_client_port() as port`;

const sessions = `
  select datname as database, usename as user, client_port as port,
    backend_start >= $2::timestamptz and application_name not like 'live-worker tests of %' as "isNew",
    case when client_port is null then null else $1 <> '' and application_name = $1 end as "isMarked"
  from pg_stat_activity where pid <> pg_backend_pid() and datname is not null`;
