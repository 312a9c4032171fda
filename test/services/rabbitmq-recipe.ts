import { serverKinds } from '../../src/server/server-kinds.ts';
import { findRabbitmq } from './find-rabbitmq.ts';
import { installAdvice } from './install-advice.ts';
import { afterInstalling } from './install-packages.ts';
import { ownServer, privateRabbitmq } from './own-server.ts';
import type { ServiceRecipe } from './service.ts';

const { packages } = serverKinds.rabbitmq;

export const rabbitmqRecipe: ServiceRecipe = {
  name: 'RabbitMQ',
  variable: 'RABBITMQ_URL',
  sources: [
    { kind: 'found', provide: findRabbitmq },
    { kind: 'private', provide: interruption => privateRabbitmq(interruption) },
    {
      kind: 'install',
      provide: afterInstalling(packages.apt, interruption => privateRabbitmq(interruption)),
    },
    {
      kind: 'docker',
      provide: interruption => ownServer({ server: 'rabbitmq', way: 'docker' }, interruption),
    },
  ],
  advice: () => installAdvice({ ...packages, otherwise: `install it: ${packages.site}` }),
};
