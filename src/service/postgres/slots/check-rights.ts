import { slotUnavailable } from '../../slot-errors.ts';
import { describeDatabase, parseDatabaseUrl } from '../database-address.ts';
import { ownership } from './database-trouble.ts';
import { quoteName } from './quote-sql.ts';
import type { TemplateContext } from './template.ts';

interface Rights {
  readonly mayCreate: boolean;
  /** Null where there is no such database. */
  readonly mayCopy: boolean | null;
}

/** Asked before anything is made. @throws SLOT_UNAVAILABLE, with the grant that is missing */
export async function checkRights(
  { maintenance, url, base }: TemplateContext,
  { copiesBase }: { readonly copiesBase: boolean },
): Promise<void> {
  const [rights] = await maintenance.query<Rights>(
    `select rolsuper or rolcreatedb as "mayCreate",
       (select rolsuper or datistemplate or pg_has_role(datdba, 'USAGE') from pg_database where datname = $1) as "mayCopy"
       from pg_roles where rolname = current_user`,
    [base],
  );
  const address = parseDatabaseUrl(url);
  const where = describeDatabase(address);
  if (rights?.mayCreate === false)
    throw slotUnavailable({
      where,
      cause: `user "${address.user}" has not the right CREATEDB`,
      changes: [
        `as a superuser: ALTER ROLE ${quoteName(address.user)} CREATEDB`,
        'isolate: { postgres: false }, which shares the database between the test files',
      ],
    });
  if (copiesBase && rights?.mayCopy === false)
    throw slotUnavailable({
      where,
      cause: `user "${address.user}" may not copy database "${base}": it belongs to another user and is no template`,
      changes: ownership(address.user, base).map(grant => `as a superuser: ${grant}`),
    });
}
