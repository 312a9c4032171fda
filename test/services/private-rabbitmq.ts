import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { freePorts } from './free-ports.ts';
import { newGuardedFolder } from './guarded-folder.ts';
import type { GuardedPlan } from './guarded-plan.ts';
import { provideGuarded } from './provide-guarded.ts';
import { type RabbitmqBinaries, rabbitmqBinaries } from './rabbitmq-binaries.ts';
import { rabbitmqRefusal } from './rabbitmq-refusal.ts';
import { type ServiceAttempt, unavailable } from './service.ts';

export interface PrivateRabbitmqOptions {
  /** More lines of rabbitmq.conf. */
  readonly settings?: string;
  readonly plugins?: readonly string[];
}

export async function privateRabbitmq(
  interruption: AbortSignal,
  options: PrivateRabbitmqOptions = {},
): Promise<ServiceAttempt> {
  const binaries = rabbitmqBinaries();
  if (!binaries) return unavailable('no rabbitmq-server and epmd are installed');
  const ports = await freePorts(3);
  const [port = 0] = ports;
  return provideGuarded(
    {
      plan: rabbitmqPlan(binaries, ports, options),
      url: `amqp://guest:guest@127.0.0.1:${port}`,
      refusal: rabbitmqRefusal,
      description: `private RabbitMQ on port ${port}`,
    },
    interruption,
  );
}

/** epmd comes first: RabbitMQ would start one as a daemon, which outlives it and is not our child. */
function rabbitmqPlan(
  { server, epmd }: RabbitmqBinaries,
  [port = 0, distributionPort = 0, epmdPort = 0]: readonly number[],
  { settings = '', plugins = [] }: PrivateRabbitmqOptions,
): GuardedPlan {
  const folder = newGuardedFolder();
  const environment = {
    ...rabbitmqEnvironment(folder),
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distributionPort),
    ERL_EPMD_PORT: String(epmdPort),
  };
  return {
    folder,
    files: {
      ...rabbitmqFiles,
      'rabbitmq.conf': `${rabbitmqFiles['rabbitmq.conf']}${settings}\n`,
      enabled_plugins: `[${plugins.join(',')}].\n`,
    },
    prepare: [],
    servers: [
      { name: 'epmd', command: [epmd], environment, stopSignal: 'SIGTERM', port: epmdPort },
      { name: 'rabbitmq', command: [server], environment, stopSignal: 'SIGTERM', port },
    ],
    closing: [],
  };
}

const rabbitmqFiles = {
  'rabbitmq.conf': 'disk_free_limit.absolute = 1MB\n',
  'advanced.config': '[].\n',
  'rabbitmq-env.conf': '',
};

/** Nothing of /etc/rabbitmq is read, nothing outside of the folder written, nothing but the loopback address listened on. */
function rabbitmqEnvironment(folder: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    LANG: 'C.UTF-8',
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `live_worker_${randomBytes(6).toString('hex')}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    RABBITMQ_CONF_ENV_FILE: join(folder, 'rabbitmq-env.conf'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_CONFIG_FILES: join(folder, 'conf.d'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'advanced.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_PID_FILE: join(folder, 'broker.pid'),
  };
}
