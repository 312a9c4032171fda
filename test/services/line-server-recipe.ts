import which from 'which';
import { freePorts } from '../../src/server/finding/free-ports.ts';
import { newServerFolder } from '../../src/server/running/server-folder.ts';
import { findService } from './find-service.ts';
import { givenUrl } from './given-url.ts';
import { installAdvice } from './install-advice.ts';
import { afterInstalling } from './install-packages.ts';
import { pingRefusal } from './ping-refusal.ts';
import { provideGuarded } from './provide-guarded.ts';
import { type ServiceAttempt, type ServiceRecipe, unavailable } from './service.ts';

interface LineServer {
  readonly name: string;
  readonly variable: string;
  readonly scheme: 'redis' | 'nats';
  readonly usualPort: number;
  readonly binary: string;
  readonly image: string;
  /** What is sent to be answered with PONG. */
  readonly hello: string;
  arguments(port: number): readonly string[];
}

export const redisRecipe = recipeOf({
  name: 'Redis',
  variable: 'REDIS_URL',
  scheme: 'redis',
  usualPort: 6379,
  binary: 'redis-server',
  image: 'redis:7-alpine',
  hello: 'PING\r\n',
  arguments: port => ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no'],
});

export const natsRecipe = recipeOf({
  name: 'NATS',
  variable: 'NATS_URL',
  scheme: 'nats',
  usualPort: 4222,
  binary: 'nats-server',
  image: 'nats:2-alpine',
  hello: 'CONNECT {"verbose":false}\r\nPING\r\n',
  arguments: port => ['-a', '127.0.0.1', '-p', String(port)],
});

/** A server whose recipe in the documentation is followed by a test; the package itself does not know it. */
function recipeOf(server: LineServer): ServiceRecipe {
  const refusal = pingRefusal(server.hello);
  const url = (port: number) => `${server.scheme}://127.0.0.1:${port}`;
  const own = (interruption: AbortSignal) => startOwn(server, url, interruption);
  return {
    name: server.name,
    variable: server.variable,
    sources: [
      {
        kind: 'found',
        provide: () =>
          findService({ given: givenUrl([server.variable]), usualUrls: [url(server.usualPort)], refusal }),
      },
      { kind: 'private', provide: own },
      { kind: 'install', provide: afterInstalling([server.binary], own) },
      {
        kind: 'docker',
        provide: interruption =>
          provideGuarded(
            {
              order: {
                kind: 'container',
                scheme: server.scheme,
                image: {
                  name: server.scheme,
                  image: server.image,
                  port: server.usualPort,
                  environment: {},
                  stopSignal: 'SIGTERM',
                  secrets: [],
                },
              },
              refusal,
              url: planned => planned.url,
              describe: ({ source }) => source,
            },
            interruption,
          ),
      },
    ],
    advice: () =>
      installAdvice({
        apt: [server.binary],
        dnf: [server.binary],
        brew: [server.binary],
        otherwise: `docker run -d -p 127.0.0.1:${server.usualPort}:${server.usualPort} ${server.image}`,
      }),
  };
}

async function startOwn(
  server: LineServer,
  url: (port: number) => string,
  interruption: AbortSignal,
): Promise<ServiceAttempt> {
  const binary = which.sync(server.binary, { nothrow: true });
  if (binary === null) return unavailable(`no ${server.binary} is installed`);
  const [port = 0] = await freePorts(1);
  const folder = newServerFolder();
  const plan = {
    folder,
    files: {},
    prepare: [],
    processes: [
      {
        name: server.scheme,
        command: [binary, ...server.arguments(port)] as const,
        environment: { PATH: process.env.PATH ?? '', HOME: folder, LANG: 'C.UTF-8' },
        stop: { signal: 'SIGTERM', graceMs: 10_000 } as const,
        port,
      },
    ],
  };
  return provideGuarded(
    {
      order: { kind: 'plan', plan, closing: [] },
      refusal: pingRefusal(server.hello),
      url: () => url(port),
      describe: () => `private ${server.name} on port ${port}`,
    },
    interruption,
  );
}
