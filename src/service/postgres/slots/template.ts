import type { SlotOwner } from '../../slot.ts';
import { describeSlot } from '../../slot-owner.ts';
import { databaseTrouble } from './database-trouble.ts';
import type { Maintenance } from './maintenance.ts';
import { quoteName, quoteText } from './quote-sql.ts';

/** From this size on copying files beats writing pages through the log, as two checkpoints cost less then. Source: measured on PostgreSQL 15. */
const largeBytes = 64 * 1024 ** 2;

/** What databases are copied from. */
export interface Template {
  readonly name: string;
  /** Behind its name: ` STRATEGY FILE_COPY`, or nothing. */
  readonly strategy: string;
  /** What a copy lacks, as statements about the database of a name. */
  settings(name: string): readonly string[];
}

export interface TemplateContext {
  readonly maintenance: Maintenance;
  readonly owner: SlotOwner;
  readonly url: string;
  readonly rootDir: string;
  /** The database in the URL. */
  readonly base: string;
  /** Aborted when the run is over. */
  readonly stopping: AbortSignal;
  nextName(): string;
}

/**
 * A private copy of the database in the URL, in which nobody can have a session: the others are copied from it.
 *
 * @throws SLOT_UNAVAILABLE
 */
export async function copyBase(context: TemplateContext): Promise<Template> {
  const { maintenance, owner, rootDir, base, nextName } = context;
  const strategy = await strategyFor(maintenance, base);
  const settings = await settingsOf(maintenance, base);
  const name = nextName();
  try {
    await maintenance.query(`CREATE DATABASE ${quoteName(name)} TEMPLATE ${quoteName(base)}${strategy}`);
    await maintenance.query(
      `COMMENT ON DATABASE ${quoteName(name)} IS ${quoteText(describeSlot(owner, { rootDir }))}`,
    );
    await maintenance.query(`ALTER DATABASE ${quoteName(name)} ALLOW_CONNECTIONS false`);
  } catch (error) {
    throw await databaseTrouble(error, context, base);
  }
  return { name, strategy, settings };
}

/** PostgreSQL before 15 knows one way only. */
export async function strategyFor(maintenance: Maintenance, database: string): Promise<string> {
  const [found] = await maintenance.query<{ version: number; fsync: string; bytes: string | null }>(
    `select current_setting('server_version_num')::int as version, current_setting('fsync') as fsync,
       (select pg_database_size(oid) from pg_database where datname = $1 and has_database_privilege(oid, 'CONNECT')) as bytes`,
    [database],
  );
  if (!found || found.version < 150_000) return '';
  return found.fsync === 'off' || Number(found.bytes) > largeBytes ? ' STRATEGY FILE_COPY' : '';
}

/** CREATE DATABASE copies neither what ALTER DATABASE … SET said, nor who may connect. */
export async function settingsOf(maintenance: Maintenance, database: string): Promise<Template['settings']> {
  const said = await maintenance.query<{ role: string | null; setting: string }>(
    `select r.rolname as role, unnest(s.setconfig) as setting from pg_db_role_setting s
       join pg_database d on d.oid = s.setdatabase left join pg_roles r on r.oid = s.setrole where d.datname = $1`,
    [database],
  );
  const granted = await maintenance.query<{ grantee: string | null; privilege: string }>(
    `select case when a.grantee = 0 then null else pg_get_userbyid(a.grantee) end as grantee, a.privilege_type as privilege
       from pg_database d, aclexplode(d.datacl) a where d.datname = $1`,
    [database],
  );
  return name => {
    const target = quoteName(name);
    const grants =
      granted.length === 0
        ? []
        : [
            `REVOKE ALL ON DATABASE ${target} FROM PUBLIC`,
            ...granted.map(
              ({ grantee, privilege }) =>
                `GRANT ${privilege} ON DATABASE ${target} TO ${grantee === null ? 'PUBLIC' : quoteName(grantee)}`,
            ),
          ];
    return [...said.map(one => setStatement(one, target)), ...grants];
  };
}

/** Names in lists, such as those of search_path, are quoted where they have to be. */
function setStatement(
  { role, setting }: { readonly role: string | null; readonly setting: string },
  database: string,
): string {
  const at = setting.indexOf('=');
  const [name, value] = [setting.slice(0, at), setting.slice(at + 1)];
  const isList =
    /^(?:search_path|temp_tablespaces|(?:session|shared|local)_preload_libraries|DateStyle)$/i.test(name);
  const target = role === null ? `DATABASE ${database}` : `ROLE ${quoteName(role)} IN DATABASE ${database}`;
  return `ALTER ${target} SET ${name.split('.').map(quoteName).join('.')} TO ${isList ? value : quoteText(value)}`;
}
