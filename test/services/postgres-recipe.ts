import { dockerPostgres } from './docker-postgres.ts';
import { findPostgres } from './find-postgres.ts';
import { installAdvice } from './install-advice.ts';
import { afterInstalling } from './install-packages.ts';
import { ownDatabase } from './own-database.ts';
import { privatePostgres } from './private-postgres.ts';
import type { ServiceRecipe } from './service.ts';

const packages = ['postgresql'];

export const postgresRecipe: ServiceRecipe = {
  name: 'Postgres',
  variable: 'DATABASE_URL',
  sources: [
    { kind: 'found', provide: findPostgres },
    { kind: 'private', provide: privatePostgres },
    { kind: 'install', provide: afterInstalling(packages, privatePostgres) },
    { kind: 'docker', provide: dockerPostgres },
  ],
  advice: () =>
    installAdvice({
      apt: packages,
      dnf: ['postgresql-server'],
      brew: ['postgresql@17'],
      otherwise: 'docker run -d -p 127.0.0.1:5432:5432 -e POSTGRES_HOST_AUTH_METHOD=trust postgres:17-alpine',
    }),
  refine: ownDatabase,
};
