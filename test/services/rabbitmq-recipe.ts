import { dockerRabbitmq } from './docker-rabbitmq.ts';
import { findRabbitmq } from './find-rabbitmq.ts';
import { installAdvice } from './install-advice.ts';
import { afterInstalling } from './install-packages.ts';
import { privateRabbitmq } from './private-rabbitmq.ts';
import type { ServiceRecipe } from './service.ts';

const packages = ['rabbitmq-server'];

export const rabbitmqRecipe: ServiceRecipe = {
  name: 'RabbitMQ',
  variable: 'RABBITMQ_URL',
  sources: [
    { kind: 'found', provide: findRabbitmq },
    { kind: 'private', provide: privateRabbitmq },
    { kind: 'install', provide: afterInstalling(packages, privateRabbitmq) },
    { kind: 'docker', provide: dockerRabbitmq },
  ],
  advice: () =>
    installAdvice({
      apt: packages,
      dnf: packages,
      brew: ['rabbitmq'],
      otherwise: 'docker run -d -p 127.0.0.1:5672:5672 rabbitmq:4-alpine',
    }),
};
