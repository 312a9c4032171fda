/** Drops the database DATABASE_NAME of the server at SERVER_URL, also under clients that are still connected. */
import { Client } from 'pg';

void dropDatabase(process.env.SERVER_URL ?? '', process.env.DATABASE_NAME ?? '');

async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl, connectionTimeoutMillis: 5000 });
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await client.end();
}
