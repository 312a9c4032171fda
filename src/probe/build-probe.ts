import { maskUrl } from '../spec/mask-url.ts';
import type { ProbeSpec } from '../spec/probe-options.ts';
import { commandProbe } from './command-probe.ts';
import { httpProbe } from './http-probe.ts';
import { logProbe } from './log-probe.ts';
import { moduleProbe } from './module-probe.ts';
import { notifyProbe } from './notify-probe.ts';
import { postgresProbe } from './postgres/postgres-probe.ts';
import type { Probe } from './probe.ts';
import { listConsumers, managementUrl } from './rabbitmq/list-consumers.ts';
import { rabbitmqProbe } from './rabbitmq/rabbitmq-probe.ts';
import { brokerUrl, databaseUrl } from './service-url.ts';
import type { ProbeSurroundings } from './surroundings.ts';
import { waitOnProbe } from './wait-on-probe.ts';

/** The probe a spec asks for, aimed at what the worker itself will use. */
export function buildProbe(spec: ProbeSpec, surroundings: ProbeSurroundings): Probe {
  const probe = aimProbe(spec, surroundings);
  return spec.intervalMs === undefined ? probe : { ...probe, pace: spec.intervalMs };
}

function aimProbe(spec: ProbeSpec, surroundings: ProbeSurroundings): Probe {
  const { env, where, cwd } = surroundings;
  switch (spec.kind) {
    case 'rabbitmq': {
      const url = brokerUrl(spec.url, env, where);
      const connection = surroundings.broker(url);
      const api = spec.managementUrl ?? managementUrl(url);
      return rabbitmqProbe(spec, connection, queue => surroundings.othersOn(url, queue), {
        url: maskUrl(api),
        isGiven: spec.managementUrl !== undefined,
        list: () => listConsumers(api, { brokerUrl: url, vhost: connection.address.vhost }),
        ownPorts: surroundings.ownPorts,
      });
    }
    case 'postgres':
      return postgresProbe(spec, surroundings.database(databaseUrl(spec.url, env, where, cwd)), {
        applicationName: env.PGAPPNAME ?? '',
        sockets: () => surroundings.sockets(),
      });
    case 'http':
      return httpProbe(spec);
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
