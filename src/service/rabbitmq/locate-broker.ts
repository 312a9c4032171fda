import { checkUrl, findUrl, urlMissing } from '../find-url.ts';
import type { FoundUrl, UrlPlace } from '../service.ts';
import { isBrokerUrl, parseBrokerUrl } from './broker-address.ts';

const variables = ['RABBITMQ_URL', 'AMQP_URL', 'CLOUDAMQP_URL'];

/**
 * The broker a worker with this environment uses: the first of RABBITMQ_URL, AMQP_URL, CLOUDAMQP_URL.
 *
 * @throws ENV_MISSING when none is set, OPTIONS_INVALID when it is no AMQP URL.
 */
export function locateBroker(url: string | undefined, place: UrlPlace): FoundUrl {
  const found = findUrl(url, variables, place) ?? urlMissing(variables, place, isBrokerUrl);
  checkUrl(found, place, parseBrokerUrl);
  return found;
}
