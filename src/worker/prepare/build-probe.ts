import type { ProbeSpec } from '../../options/probe-options.ts';
import { commandProbe } from '../../probe/command-probe.ts';
import { httpProbe } from '../../probe/http-probe.ts';
import { logProbe } from '../../probe/log-probe.ts';
import { moduleProbe } from '../../probe/module-probe.ts';
import { notifyProbe } from '../../probe/notify-probe.ts';
import type { Probe } from '../../probe/probe.ts';
import type { OpenedSocket, ProbeContext } from '../../probe/probe-context.ts';
import { waitOnProbe } from '../../probe/wait-on-probe.ts';
import { maskUrl } from '../../secrets/mask-url.ts';
import type { DatabaseConnection } from '../../service/postgres/database-connection.ts';
import { postgresProbe } from '../../service/postgres/postgres-probe.ts';
import type { BrokerConnection } from '../../service/rabbitmq/broker-connection.ts';
import { listConsumers, managementUrl } from '../../service/rabbitmq/list-consumers.ts';
import { rabbitmqProbe } from '../../service/rabbitmq/rabbitmq-probe.ts';
import { brokerUrl, databaseUrl } from '../../service/service-url.ts';

/** What the probes of services need besides. */
export interface ServiceSurroundings extends ProbeContext {
  broker(url: string): BrokerConnection;
  database(url: string): DatabaseConnection;
  /** The connections the worker's processes have opened; undefined where that cannot be seen. */
  sockets(): readonly OpenedSocket[] | undefined;
  /** Consumers on a queue that are not this worker's. */
  othersOn(url: string, queue: string): number;
  /** The worker's own ends of its connections; undefined where those cannot be seen. */
  ownPorts(): readonly number[] | undefined;
}

/** The probe a spec asks for, aimed at what the worker itself will use. */
export function buildProbe(spec: ProbeSpec, surroundings: ServiceSurroundings): Probe {
  const probe = aimProbe(spec, surroundings);
  return spec.intervalMs === undefined ? probe : { ...probe, pace: spec.intervalMs };
}

function aimProbe(spec: ProbeSpec, surroundings: ServiceSurroundings): Probe {
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
