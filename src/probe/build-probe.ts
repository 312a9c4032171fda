import type { ProbeSpec } from '../spec/probe-options.ts';
import { commandProbe } from './command-probe.ts';
import { logProbe } from './log-probe.ts';
import { moduleProbe } from './module-probe.ts';
import { notifyProbe } from './notify-probe.ts';
import { postgresProbe } from './postgres/postgres-probe.ts';
import type { Probe } from './probe.ts';
import { rabbitmqProbe } from './rabbitmq/rabbitmq-probe.ts';
import { brokerUrl, databaseUrl } from './service-url.ts';
import type { ProbeSurroundings } from './surroundings.ts';
import { waitOnProbe } from './wait-on-probe.ts';

/** The probe a spec asks for, aimed at what the worker itself will use. */
export function buildProbe(spec: ProbeSpec, surroundings: ProbeSurroundings): Probe {
  const { env, where, cwd } = surroundings;
  switch (spec.kind) {
    case 'rabbitmq': {
      const url = brokerUrl(spec.url, env, where);
      return rabbitmqProbe(spec, surroundings.broker(url), queue => surroundings.othersOn(url, queue));
    }
    case 'postgres':
      return postgresProbe(spec, surroundings.database(databaseUrl(spec.url, env, where, cwd)), {
        applicationName: env.PGAPPNAME ?? '',
        sockets: () => surroundings.sockets(),
      });
    case 'http':
    case 'tcp':
    case 'file':
    case 'socket':
      return waitOnProbe(spec, cwd);
    case 'log':
      return logProbe(spec, surroundings.openLog);
    case 'notify':
      return notifyProbe(surroundings.isNotified);
    case 'command':
      return commandProbe(spec, surroundings.runCommand);
    case 'module':
      return moduleProbe(spec, surroundings);
    default:
      return spec satisfies never;
  }
}
