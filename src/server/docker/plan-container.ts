import { randomBytes } from 'node:crypto';
import { runCommand } from '../../process/run-command.ts';
import { type Environment, findProgram } from '../finding/find-program.ts';
import { freePorts } from '../finding/free-ports.ts';
import { newServerFolder } from '../running/server-folder.ts';
import { type PlannedServer, type UnavailableServer, unavailable } from '../server-plan.ts';

/** A server as an image has it. */
export interface ServerImage {
  readonly name: string;
  readonly image: string;
  /** In the container. */
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Behind the image. */
  readonly words?: readonly string[];
  readonly stopSignal: NodeJS.Signals;
  readonly secrets: readonly string[];
  /** Also published, for the management API. */
  readonly managementPort?: number;
  url(port: number): string;
}

const versionLimitMs = 15_000;
/** An image may have to be fetched. */
const startLimitMs = 600_000;
const graceMs = 10_000;

/**
 * Docker's own command stays in the foreground: what the server writes comes to its output, and signals it gets go on into the
 * container. The container's name is known before it runs, so that one half started is removed too.
 */
export async function planContainer(
  image: ServerImage,
  env: Environment,
): Promise<PlannedServer | UnavailableServer> {
  const docker = findProgram('docker', env);
  if (!docker) return unavailable('docker is not installed');
  const environment = definedOf(env);
  const refusal = await refusalOf(docker, environment);
  if (refusal !== undefined) return unavailable(`docker does not work: ${refusal}`);
  const [port = 0, managementPort = 0] = await freePorts(2);
  const name = `live-worker-${image.name}-${randomBytes(6).toString('hex')}`;
  const published = [
    ...publish(port, image.port),
    ...(image.managementPort ? publish(managementPort, image.managementPort) : []),
  ];
  // Values stand in docker's environment: a command line can be read by every user.
  const variables = Object.keys(image.environment).flatMap(variable => ['--env', variable]);
  const run = ['run', '--rm', '--name', name, '--label', 'live-worker', ...published, ...variables];
  return {
    plan: {
      folder: newServerFolder(),
      files: {},
      prepare: [],
      processes: [
        {
          name: image.name,
          command: [docker, ...run, image.image, ...(image.words ?? [])],
          environment: { ...environment, ...image.environment },
          stop: { signal: image.stopSignal, graceMs },
        },
      ],
      removal: { name: 'docker-rm', command: [docker, 'rm', '--force', name], environment },
    },
    url: image.url(port),
    port,
    places: [],
    source: `container of ${image.image}`,
    secrets: image.secrets,
    startLimitMs,
    ...(image.managementPort && { managementUrl: `http://127.0.0.1:${managementPort}` }),
  };
}

function publish(port: number, inContainer: number): readonly string[] {
  return ['--publish', `127.0.0.1:${port}:${inContainer}`];
}

async function refusalOf(
  docker: string,
  environment: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const { code, lastLine } = await runCommand([docker, 'version', '--format', '{{.Server.Version}}'], {
    cwd: '/',
    env: environment,
    timeoutMs: versionLimitMs,
    signal: new AbortController().signal,
  });
  return code === 0 ? undefined : lastLine || `docker version ended with code ${code}`;
}

/** DOCKER_HOST, contexts and what else decides which Docker it is. */
function definedOf(env: Environment): Readonly<Record<string, string>> {
  const entries = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      /^(?:PATH|HOME|DOCKER_\w+|SSH_\w+|XDG_\w+|USERPROFILE|SystemRoot)$/.test(entry[0]),
  );
  return Object.fromEntries(entries);
}
