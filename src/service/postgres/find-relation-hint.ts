import type { DatabaseConnection } from './database-connection.ts';

interface Relation {
  readonly schema: string;
  readonly name: string;
}

/** What there is in place of a relation a query did not find (SQLSTATE 42P01). Never throws. */
export async function findRelationHint(
  error: unknown,
  connection: DatabaseConnection,
): Promise<string | undefined> {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const [, wanted] = (code === '42P01' && /^relation "(.+)" does not exist$/.exec(String(message))) || [];
  return wanted === undefined ? undefined : describeSimilar(wanted, connection);
}

/** @param wanted as a query or `to_regclass` has it: `task`, `public.task` */
export async function describeSimilar(
  wanted: string,
  connection: DatabaseConnection,
): Promise<string | undefined> {
  const [name = '', schema] = wanted.replaceAll('"', '').split('.').reverse();
  try {
    const { rows } = await connection.query(relations, [name], { asker: 'live-worker' });
    return describeFound(rows as Relation[], { name, schema }, await describePath(connection));
  } catch {
    return undefined;
  }
}

const relations = `
  select n.nspname as schema, c.relname as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where lower(c.relname) = lower($1) and c.relkind in ('r', 'v', 'm', 'p', 'f')
  order by n.nspname = any(current_schemas(false)) desc, n.nspname, c.relname limit 5`;

/** Prisma reads the schema of a URL, Postgres does not. */
async function describePath(connection: DatabaseConnection): Promise<string> {
  const { rows } = await connection.query(`select current_setting('search_path') as path`, [], {
    asker: 'live-worker',
  });
  const { path } = rows[0] as { readonly path: string };
  const prisma = /[?&]schema=/.test(connection.url)
    ? ', and Postgres does not read the "schema" of the URL'
    : '';
  return ` (search_path is ${path}${prisma})`;
}

function describeFound(
  found: readonly Relation[],
  wanted: { readonly name: string; readonly schema: string | undefined },
  path: string,
): string | undefined {
  const [first] = found;
  if (!first) return undefined;
  const there = found.map(({ schema, name }) => `"${name}" in schema "${schema}"`).join(', ');
  const isSpelledSo = found.some(({ name }) => name === wanted.name);
  const spelling = isSpelledSo ? '' : `, and Postgres folds names without quotes to lower case`;
  return `there is ${there}${spelling}: write ${quoteName(first)}${wanted.schema === undefined ? path : ''}`;
}

function quoteName({ schema, name }: Relation): string {
  return [schema, name].map(word => (/^[a-z_][a-z\d_$]*$/.test(word) ? word : `"${word}"`)).join('.');
}
