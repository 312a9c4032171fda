import { foundService, givenUrl, useGiven } from './given-url.ts';
import { rabbitmqRefusal } from './rabbitmq-refusal.ts';
import { type ServiceAttempt, unavailable } from './service.ts';

const usual = 'amqp://guest:guest@127.0.0.1:5672';

export async function findRabbitmq(): Promise<ServiceAttempt> {
  const given = givenUrl(['RABBITMQ_URL', 'AMQP_URL', 'CLOUDAMQP_URL']);
  if (given) return useGiven(given, rabbitmqRefusal);
  const answer = await rabbitmqRefusal(usual);
  if (answer === undefined) return foundService(usual, 'found on this machine');
  return unavailable(`127.0.0.1:5672 answered "${answer}"`);
}
