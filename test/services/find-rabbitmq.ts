import { findService } from './find-service.ts';
import { givenUrl } from './given-url.ts';
import { serverRefusal } from './server-refusal.ts';
import type { ServiceAttempt } from './service.ts';

export function findRabbitmq(): Promise<ServiceAttempt> {
  return findService({
    given: givenUrl(['RABBITMQ_URL', 'AMQP_URL', 'CLOUDAMQP_URL']),
    usualUrls: ['amqp://guest:guest@127.0.0.1:5672'],
    refusal: serverRefusal('rabbitmq'),
  });
}
