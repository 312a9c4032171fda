import { Client } from 'pg';
import { describeRefusal, withinTwoSeconds } from './describe-refusal.ts';

/** Logs in and asks; undefined when that worked, else what the server answered. */
export async function postgresRefusal(url: string): Promise<string | undefined> {
  try {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000, query_timeout: 2000 });
    client.on('error', () => undefined);
    await withinTwoSeconds(client.connect().then(() => client.query('SELECT 1')));
    await client.end();
    return undefined;
  } catch (error) {
    return describeRefusal(error);
  }
}
