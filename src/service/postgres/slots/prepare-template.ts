import { setTimeout as sleep } from 'node:timers/promises';
import { reportProgress } from '../../../probe/report-progress.ts';
import { describeSlot } from '../../slot-owner.ts';
import { dropDatabase } from './drop-database.ts';
import { firstDifference, hash, hashInputs } from './hash-inputs.ts';
import { endClient, type Maintenance } from './maintenance.ts';
import { changesItsInputs, noInputs, wroteElsewhere } from './prepare-errors.ts';
import type { PrepareOrder } from './prepare-order.ts';
import { quoteName, quoteText } from './quote-sql.ts';
import { runPrepare } from './run-prepare.ts';
import { settingsOf, strategyFor, type Template, type TemplateContext } from './template.ts';

const nameTaken = '42P04';
const pollMs = 100;
/** Of one project; branches have different ones. */
const keptTemplates = 3;
const mark = 'live-worker template ';

/**
 * The template that the command makes, or made when the inputs, the server and its extensions were the same. It is built under
 * another name: what has its own is whole.
 *
 * @throws PREPARE_FAILED, OPTIONS_INVALID where the inputs name no file
 */
export async function prepareTemplate(context: TemplateContext, order: PrepareOrder): Promise<Template> {
  const { maintenance } = context;
  const inputs = await hashInputs(order.rootDir, order.inputs);
  if (inputs.size === 0) throw noInputs(order);
  const key = hash(JSON.stringify([...inputs, order.command, await describeServer(maintenance)])).slice(
    0,
    20,
  );
  const name = `lw_template_${key}`;
  if (!(await isThere(maintenance, name))) await buildAlone(context, { ...order, hashes: inputs, key, name });
  return {
    name,
    strategy: await strategyFor(maintenance, name),
    settings: await settingsOf(maintenance, name),
  };
}

interface Build extends PrepareOrder {
  readonly hashes: ReadonlyMap<string, string>;
  readonly key: string;
  readonly name: string;
}

/** Two runs that want the same template build it once. */
async function buildAlone(context: TemplateContext, build: Build): Promise<void> {
  const { maintenance, stopping } = context;
  const lock = BigInt(`0x6c77${build.key.slice(0, 12)}`).toString();
  const startedAt = performance.now();
  const told = reportProgress(seconds => {
    build.order.notice(`waits for ${seconds} s for the template of isolate.postgres.prepare`);
    return undefined;
  });
  try {
    for (;;) {
      const [taken] = await maintenance.query<{ ok: boolean }>(
        'select pg_try_advisory_lock($1::bigint) as ok',
        [lock],
      );
      if (taken?.ok) break;
      await sleep(pollMs, undefined, { signal: stopping });
    }
    if (!(await isThere(maintenance, build.name))) await buildTemplate(context, build, startedAt);
  } finally {
    told.stop();
    await maintenance.query('select pg_advisory_unlock($1::bigint)', [lock]).catch(() => {});
  }
}

async function buildTemplate(context: TemplateContext, build: Build, startedAt: number): Promise<void> {
  const { maintenance, owner } = context;
  const half = context.nextName();
  const target = quoteName(half);
  await maintenance.query(`CREATE DATABASE ${target}`);
  try {
    await maintenance.query(
      `COMMENT ON DATABASE ${target} IS ${quoteText(describeSlot(owner, { rootDir: build.rootDir }))}`,
    );
    const before = await countObjects(maintenance, half);
    await runPrepare(context, build, half);
    if ((await countObjects(maintenance, half)) === before) throw wroteElsewhere(build);
    const changed = firstDifference(build.hashes, await hashInputs(build.rootDir, build.inputs));
    if (changed !== undefined) throw changesItsInputs(build, changed);
    await maintenance.query(`ALTER DATABASE ${target} ALLOW_CONNECTIONS false`);
    await maintenance.query(`ALTER DATABASE ${target} RENAME TO ${quoteName(build.name)}`);
  } catch (error) {
    await dropDatabase(maintenance, half).catch(() => {});
    // A run whose session is in another database has built it meanwhile.
    if ((error as { readonly code?: unknown }).code === nameTaken) return;
    throw error;
  }
  const description = `${mark}${JSON.stringify({ host: owner.host, rootDir: build.rootDir, at: new Date().toISOString() })}`;
  await maintenance.query(`COMMENT ON DATABASE ${quoteName(build.name)} IS ${quoteText(description)}`);
  build.order.notice(
    `isolate.postgres.prepare made a template in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s, which is kept until one of its inputs changes`,
  );
  await dropOlder(context, build);
}

async function isThere(maintenance: Maintenance, name: string): Promise<boolean> {
  return (await maintenance.query('select 1 from pg_database where datname = $1', [name])).length > 0;
}

/** What migrations may depend on beside their own files. */
async function describeServer(maintenance: Maintenance): Promise<unknown> {
  return maintenance.query(
    `select current_setting('server_version_num') as version, current_user as "user",
       (select array_agg(name || ' ' || default_version order by name) from pg_available_extensions) as extensions`,
  );
}

/** Whatever a migration makes stands in one of these. */
async function countObjects(maintenance: Maintenance, database: string): Promise<string> {
  const client = await maintenance.another(database);
  try {
    const { rows } = await client.query<{ counts: string }>(
      `select concat_ws(' ', (select count(*) from pg_class), (select count(*) from pg_proc), (select count(*) from pg_type),
         (select count(*) from pg_namespace), (select count(*) from pg_extension)) as counts`,
    );
    return rows[0]?.counts ?? '';
  } finally {
    await endClient(client);
  }
}

/** Those of this project that were made before the last few. */
async function dropOlder({ maintenance, owner }: TemplateContext, { rootDir }: Build): Promise<void> {
  const found = await maintenance.query<{ name: string; comment: string | null }>(
    `select datname as name, shobj_description(oid, 'pg_database') as comment from pg_database
       where datname like 'lw\\_template\\_%'`,
  );
  const own = found
    .flatMap(({ name, comment }) => {
      const said = readDescription(comment);
      return said?.host === owner.host && said.rootDir === rootDir ? [{ name, at: String(said.at) }] : [];
    })
    .sort((one, other) => (one.at < other.at ? 1 : -1));
  for (const { name } of own.slice(keptTemplates)) await dropDatabase(maintenance, name).catch(() => {});
}

function readDescription(comment: string | null): Readonly<Record<string, unknown>> | undefined {
  if (!comment?.startsWith(mark)) return undefined;
  try {
    return JSON.parse(comment.slice(mark.length));
  } catch {
    return undefined;
  }
}
