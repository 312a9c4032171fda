import { randomBytes } from 'node:crypto';
import { dockerService } from './docker-service.ts';
import { postgresRefusal } from './postgres-refusal.ts';
import type { ServiceAttempt } from './service.ts';

export function dockerPostgres(interruption: AbortSignal): Promise<ServiceAttempt> {
  const password = randomBytes(12).toString('hex');
  const service = {
    image: 'postgres:17-alpine',
    port: 5432,
    environment: { POSTGRES_PASSWORD: password },
    refusal: postgresRefusal,
    url: (hostPort: number) => `postgres://postgres:${password}@127.0.0.1:${hostPort}/postgres`,
  };
  return dockerService(service, interruption);
}
