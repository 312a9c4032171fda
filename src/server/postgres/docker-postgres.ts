import { planContainer } from '../docker/plan-container.ts';
import { serverPassword } from '../running/server-password.ts';
import type { ServerRequest } from '../server-kind.ts';
import type { PlannedServer, UnavailableServer } from '../server-plan.ts';
import { throwawaySettings } from './throwaway-settings.ts';

const login = 'live_worker';

export function dockerPostgres({
  env,
}: Pick<ServerRequest, 'env'>): Promise<PlannedServer | UnavailableServer> {
  const password = serverPassword();
  return planContainer(
    {
      name: 'postgres',
      image: 'postgres:17-alpine',
      port: 5432,
      environment: { POSTGRES_USER: login, POSTGRES_PASSWORD: password },
      words: throwawaySettings,
      // What docker passes on: SIGTERM would wait for every session to end.
      stopSignal: 'SIGINT',
      secrets: [password],
      url: port => `postgres://${login}:${password}@127.0.0.1:${port}`,
    },
    env,
  );
}
