import { serverKinds } from '../../src/server/server-kinds.ts';
import { findPostgres } from './find-postgres.ts';
import { installAdvice } from './install-advice.ts';
import { afterInstalling } from './install-packages.ts';
import { ownDatabase } from './own-database.ts';
import { ownServer, privatePostgres } from './own-server.ts';
import type { ServiceRecipe } from './service.ts';

const { packages } = serverKinds.postgres;

export const postgresRecipe: ServiceRecipe = {
  name: 'Postgres',
  variable: 'DATABASE_URL',
  sources: [
    { kind: 'found', provide: findPostgres },
    { kind: 'private', provide: privatePostgres },
    { kind: 'install', provide: afterInstalling(packages.apt, privatePostgres) },
    {
      kind: 'docker',
      provide: interruption => ownServer({ server: 'postgres', way: 'docker' }, interruption),
    },
  ],
  advice: () => installAdvice({ ...packages, otherwise: `install it: ${packages.site}` }),
  refine: ownDatabase,
};
