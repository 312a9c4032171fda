import { timeLimit } from '../../../probe/time-limit.ts';
import type { ServerCapability, ServerPlace } from '../../server-capability.ts';
import type { SlotSurroundings } from '../../slot.ts';
import { classifyDatabaseError } from '../classify-database-error.ts';
import { completeDatabaseUrl } from '../complete-database-url.ts';
import { parseDatabaseUrl } from '../database-address.ts';
import { openClient } from '../open-client.ts';
import { withDatabase } from '../slots/move-database.ts';
import { quoteName } from '../slots/quote-sql.ts';
import { leadDatabaseUrl, leadDatabaseVariables, plainDatabaseUrl, readDatabase } from './lead-database.ts';

const answerMs = 2_000;
const making = { name: 'live-worker services' };
const isThere = ['42P04', '23505'];

export const databaseServer: ServerCapability = {
  variable: 'DATABASE_URL',
  plannedUrl: 'postgres://live_worker@live-worker.invalid:5432',
  homePlace: 'postgres',
  standardPlace: 'live_worker',
  isUrl: text => plainDatabaseUrl(text) !== undefined,
  read: readDatabase,
  urlOf: withDatabase,
  leadUrl: leadDatabaseUrl,
  leadVariables: leadDatabaseVariables,
  refusal,
  makePlace,
};

async function refusal(url: string, surroundings: SlotSurroundings): Promise<string | undefined> {
  const limit = timeLimit(answerMs);
  try {
    const complete = completeDatabaseUrl(plainDatabaseUrl(url) ?? url, surroundings).url;
    const client = await openClient(complete, { ...making, signal: limit.signal });
    await client.end();
    return undefined;
  } catch (error) {
    if (limit.signal.aborted) return `nothing within ${answerMs / 1_000} s`;
    return classifyDatabaseError(error, parseDatabaseUrl(plainDatabaseUrl(url) ?? url)).why;
  } finally {
    limit.stop();
  }
}

async function makePlace({ url, name }: ServerPlace): Promise<void> {
  const limit = timeLimit(answerMs * 10);
  try {
    const client = await openClient(withDatabase(url, 'postgres'), { ...making, signal: limit.signal });
    try {
      await client.query(`CREATE DATABASE ${quoteName(name)}`);
    } finally {
      await client.end();
    }
  } catch (error) {
    if (isThere.includes((error as { readonly code?: string }).code ?? '')) return;
    throw error;
  } finally {
    limit.stop();
  }
}
