import type { Service } from '../service.ts';
import { locateDatabase } from './locate-database.ts';
import { PostgresClient, type PostgresSpec } from './postgres-client.ts';
import { databaseServer } from './servers/database-server.ts';
import { DatabaseSlots } from './slots/database-slots.ts';
import { moveDatabaseUrl, moveDatabaseVariables, placeOfDatabase } from './slots/move-database.ts';
import { tappableDatabases } from './tappable-databases.ts';

export const postgres: Service<PostgresSpec> = {
  title: 'Postgres',
  startCommand: 'docker run -d -p 5432:5432 -e POSTGRES_PASSWORD=postgres postgres:17',
  role: 'database',
  locate: locateDatabase,
  advise(why, variables) {
    if (/^TLS with|of sslrootcert|support SSL/.test(why))
      return `name the authority that signed its certificate in sslrootcert or PGSSLROOTCERT, or take another sslmode, in ${variables.filter(isForTls).join(', ')}: "require" does not look at the certificate`;
    if (/has no database/.test(why))
      return `createdb it and run the migrations, or correct the path of ${variables[0]}`;
    return undefined;
  },
  // By which name it is logged in, only the process that started it knows.
  specOfUnknownLaunch: spec => ({ ...spec, connection: false }),
  tappable: tappableDatabases,
  protocol: 'postgres',
  createClient: context => new PostgresClient(context),
  slot: {
    placeName: 'database',
    placeOf: placeOfDatabase,
    moveUrl: moveDatabaseUrl,
    moveVariables: moveDatabaseVariables,
    openServer: context => new DatabaseSlots(context),
  },
  server: databaseServer,
};

function isForTls(variable: string): boolean {
  return !variable.startsWith('PG') || /SSL|SERVICE|HOST/.test(variable);
}
