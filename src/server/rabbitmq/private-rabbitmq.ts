import { randomBytes } from 'node:crypto';
import { delimiter, join } from 'node:path';
import { freePorts } from '../finding/free-ports.ts';
import { newServerFolder } from '../running/server-folder.ts';
import { serverPassword } from '../running/server-password.ts';
import type { ServerRequest } from '../server-kind.ts';
import { type PlannedServer, type UnavailableServer, unavailable } from '../server-plan.ts';
import { brokerDefinitions } from './definitions.ts';
import { rabbitmqBinaries } from './rabbitmq-binaries.ts';

const login = 'live_worker';
const startLimitMs = 120_000;
/** Its own end takes a second, and six with the management plugin; there is nothing in it that anybody misses. */
const stop = { signal: 'SIGTERM', graceMs: 0 } as const;

/** A broker of its own from programs that are installed, with an Erlang cookie and a port mapper of its own. */
export async function privateRabbitmq({
  env,
  places,
  isForSlots,
}: Pick<ServerRequest, 'env' | 'places' | 'isForSlots'>): Promise<PlannedServer | UnavailableServer> {
  const binaries = rabbitmqBinaries(env);
  if (!binaries) return unavailable('no rabbitmq-server and epmd are installed');
  const { folder: bin, epmd, hasManagement } = binaries;
  const [port = 0, distributionPort = 0, epmdPort = 0, managementPort = 0] = await freePorts(4);
  const isManaged = isForSlots && hasManagement;
  const folder = newServerFolder();
  const password = serverPassword();
  const environment = {
    ...environmentIn(folder),
    // Its commands are beside it: those on the PATH may be Debian's, which work for its own user alone.
    PATH: [bin, env.PATH ?? ''].join(delimiter),
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distributionPort),
    ERL_EPMD_PORT: String(epmdPort),
  };
  return {
    plan: {
      folder,
      files: {
        'rabbitmq.conf': configuration([
          `load_definitions = ${join(folder, 'definitions.json')}`,
          ...(isManaged ? managedOn(managementPort) : []),
        ]),
        'definitions.json': brokerDefinitions(login, password, places),
        'advanced.config': '[].\n',
        'rabbitmq-env.conf': '',
        enabled_plugins: `[${isManaged ? 'rabbitmq_management' : ''}].\n`,
      },
      prepare: [],
      processes: [
        // RabbitMQ would start one as a daemon, which outlives it and is not our child.
        { name: 'epmd', command: [epmd], environment, stop, port: epmdPort },
        { name: 'rabbitmq', command: [join(bin, 'rabbitmq-server')], environment, stop, port },
      ],
    },
    url: `amqp://${login}:${password}@127.0.0.1:${port}`,
    port,
    places,
    source: `programs in ${bin}`,
    secrets: [password],
    startLimitMs,
    commandEnvironment: environment,
    ...(isManaged && { managementUrl: `http://127.0.0.1:${managementPort}` }),
  };
}

function configuration(lines: readonly string[]): string {
  return ['disk_free_limit.absolute = 1MB', ...lines, ''].join('\n');
}

function managedOn(port: number): readonly string[] {
  return [`management.tcp.port = ${port}`, 'management.tcp.ip = 127.0.0.1'];
}

/** Nothing of /etc/rabbitmq is read, nothing outside of the folder written, nothing but the loopback address listened on. */
function environmentIn(folder: string): Record<string, string> {
  return {
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
