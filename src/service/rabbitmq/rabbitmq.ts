import type { ProbeSpecOf } from '../../options/probe-options.ts';
import type { Service } from '../service.ts';
import { locateBroker } from './locate-broker.ts';
import { ConsumerInquiry } from './queues/consumer-inquiry.ts';
import { RabbitmqClient } from './rabbitmq-client.ts';
import { rabbitmqDescription } from './rabbitmq-description.ts';

export const rabbitmq: Service<ProbeSpecOf<'rabbitmq'>> = {
  ...rabbitmqDescription,
  role: 'broker',
  locate: locateBroker,
  queuesOf: ({ queues }) => queues,
  inquire: uses => new ConsumerInquiry(uses),
  createClient: context => new RabbitmqClient(context),
};
