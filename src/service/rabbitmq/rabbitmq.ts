import type { ProbeSpecOf } from '../../options/probe-options.ts';
import type { Service } from '../service.ts';
import { locateBroker } from './locate-broker.ts';
import { ConsumerInquiry } from './queues/consumer-inquiry.ts';
import { queueKey } from './queues/expected-consumers.ts';
import { RabbitmqClient } from './rabbitmq-client.ts';
import { rabbitmqDescription } from './rabbitmq-description.ts';
import { moveBrokerUrl, placeOfVhost } from './slots/move-vhost.ts';
import { VhostSlots } from './slots/vhost-slots.ts';
import { tappableBrokers } from './tappable-brokers.ts';

export const rabbitmq: Service<ProbeSpecOf<'rabbitmq'>> = {
  ...rabbitmqDescription,
  role: 'broker',
  locate: locateBroker,
  queuesOf: ({ queues }) => queues,
  turnsOf: ({ url, spec }) => (spec.share ? [] : spec.queues.map(queue => queueKey(url, queue))),
  inquire: uses => new ConsumerInquiry(uses),
  tappable: tappableBrokers,
  protocol: 'amqp',
  createClient: context => new RabbitmqClient(context),
  slot: {
    placeName: 'vhost',
    placeOf: placeOfVhost,
    moveUrl: moveBrokerUrl,
    openServer: context => new VhostSlots(context),
  },
};
