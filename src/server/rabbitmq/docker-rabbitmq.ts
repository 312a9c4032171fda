import { planContainer } from '../docker/plan-container.ts';
import { serverPassword } from '../running/server-password.ts';
import type { ServerRequest } from '../server-kind.ts';
import type { PlannedServer, UnavailableServer } from '../server-plan.ts';

const login = 'live_worker';

export function dockerRabbitmq({
  env,
  places,
  isForSlots,
}: Pick<ServerRequest, 'env' | 'places' | 'isForSlots'>): Promise<PlannedServer | UnavailableServer> {
  const password = serverPassword();
  // Its command works in the container alone, so vhosts are made by the API.
  const isManaged = isForSlots || places.some(place => place !== '/');
  return planContainer(
    {
      name: 'rabbitmq',
      image: isManaged ? 'rabbitmq:4-management-alpine' : 'rabbitmq:4-alpine',
      port: 5672,
      environment: { RABBITMQ_DEFAULT_USER: login, RABBITMQ_DEFAULT_PASS: password },
      stopSignal: 'SIGTERM',
      secrets: [password],
      url: port => `amqp://${login}:${password}@127.0.0.1:${port}`,
      ...(isManaged && { managementPort: 15_672 }),
    },
    env,
  );
}
