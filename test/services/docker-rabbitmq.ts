import { dockerService } from './docker-service.ts';
import { rabbitmqRefusal } from './rabbitmq-refusal.ts';
import type { ServiceAttempt } from './service.ts';

export function dockerRabbitmq(interruption: AbortSignal): Promise<ServiceAttempt> {
  const service = {
    image: 'rabbitmq:4-alpine',
    port: 5672,
    environment: {},
    refusal: rabbitmqRefusal,
    url: (hostPort: number) => `amqp://guest:guest@127.0.0.1:${hostPort}`,
  };
  return dockerService(service, interruption);
}
