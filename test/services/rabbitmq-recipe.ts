import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverKinds } from '../../src/server/server-kinds.ts';
import { findRabbitmq } from './find-rabbitmq.ts';
import { installAdvice } from './install-advice.ts';
import { afterInstalling } from './install-packages.ts';
import { ownServer, privateRabbitmq } from './own-server.ts';
import type { GuardedAttempt } from './provide-guarded.ts';
import type { ServiceRecipe } from './service.ts';

const { packages } = serverKinds.rabbitmq;

export const rabbitmqRecipe: ServiceRecipe = {
  name: 'RabbitMQ',
  variable: 'RABBITMQ_URL',
  sources: [
    { kind: 'found', provide: findRabbitmq },
    { kind: 'private', provide: interruption => withCommands(privateRabbitmq(interruption)) },
    {
      kind: 'install',
      provide: afterInstalling(packages.apt, interruption => withCommands(privateRabbitmq(interruption))),
    },
    {
      kind: 'docker',
      provide: interruption => ownServer({ server: 'rabbitmq', way: 'docker' }, interruption),
    },
  ],
  advice: () => installAdvice({ ...packages, otherwise: `install it: ${packages.site}` }),
};

const wanted = /^(?:RABBITMQ_NODENAME|ERL_EPMD_\w+)$/;

/** What `rabbitmqctl` needs to speak to it: slots are made by that where there is no management API. */
async function withCommands(starting: Promise<GuardedAttempt>): Promise<GuardedAttempt> {
  const broker = await starting;
  const environment = broker.planned?.commandEnvironment;
  if (broker.kind !== 'provided' || !environment) return broker;
  const own = Object.entries(environment).filter(([name]) => wanted.test(name));
  const cookie = readFileSync(join(environment.HOME ?? '', '.erlang.cookie'), 'utf8').trim();
  return { ...broker, environment: { ...Object.fromEntries(own), RABBITMQ_ERLANG_COOKIE: cookie } };
}
