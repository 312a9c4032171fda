import { randomBytes } from 'node:crypto';
import { freePorts } from './free-ports.ts';
import { newGuardedFolder } from './guarded-folder.ts';
import type { GuardedPlan } from './guarded-plan.ts';
import { inheritedEnvironment } from './inherited-environment.ts';
import { lastLines } from './last-lines.ts';
import { provideGuarded } from './provide-guarded.ts';
import { runToEnd } from './run-to-end.ts';
import { type ServiceAttempt, unavailable } from './service.ts';
import type { Refusal } from './until-answers.ts';

export interface DockerService {
  readonly image: string;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly refusal: Refusal;
  url(hostPort: number): string;
}

export async function dockerService(
  service: DockerService,
  interruption: AbortSignal,
): Promise<ServiceAttempt> {
  const engine = await runToEnd('docker', ['version']);
  if (!engine.succeeded) return unavailable(`docker version said "${lastLines(engine.output, 1).trim()}"`);
  const [hostPort = 0] = await freePorts(1);
  return provideGuarded(
    {
      plan: dockerPlan(service, hostPort),
      url: service.url(hostPort),
      refusal: service.refusal,
      description: `container of ${service.image} on port ${hostPort}`,
    },
    interruption,
  );
}

/** The container's name is known before it runs, so that one half started is removed too. */
function dockerPlan({ image, port, environment }: DockerService, hostPort: number): GuardedPlan {
  const name = `live-worker-services-${randomBytes(6).toString('hex')}`;
  const publish = ['--publish', `127.0.0.1:${hostPort}:${port}`];
  const variables = Object.keys(environment).flatMap(variable => ['--env', variable]);
  const run = ['run', '--detach', '--rm', '--name', name, '--label', 'live-worker-services', ...publish];
  const inherited = inheritedEnvironment();
  return {
    folder: newGuardedFolder(),
    files: {},
    prepare: [
      {
        name: 'docker-run',
        command: ['docker', ...run, ...variables, image],
        environment: { ...inherited, ...environment },
      },
    ],
    servers: [],
    closing: [{ name: 'docker-rm', command: ['docker', 'rm', '--force', name], environment: inherited }],
  };
}
