import type { ProbeSpecOf } from '../../options/probe-options.ts';
import { fatal, type Probe, type ProbeAnswer, pending, ready } from '../../probe/probe.ts';
import { fromFailure } from '../../probe/service-failure.ts';
import { describeBroker } from './broker-address.ts';
import type { BrokerConnection } from './broker-connection.ts';
import { classifyBrokerError } from './classify-broker-error.ts';
import { patientProbe } from './patient-probe.ts';
import { type ConsumerListing, UncountedQueues } from './queues/uncounted-queues.ts';

/** Ready when every queue has the wanted number of consumers above those that are not this worker's. */
export function rabbitmqProbe(
  spec: Pick<ProbeSpecOf<'rabbitmq'>, 'queues' | 'consumers'>,
  connection: BrokerConnection,
  othersOn: (queue: string) => number,
  listing?: ConsumerListing,
): Probe {
  const uncounted = listing && new UncountedQueues(connection, listing);
  return patientProbe({
    address: connection.address,
    description: spec.queues.map(queue => describeWanted(queue, spec.consumers)).join(' and '),
    async ask() {
      const unmet: ProbeAnswer[] = [];
      for (const queue of spec.queues) {
        const answer = await checkConsumers(queue, spec.consumers, othersOn(queue), {
          connection,
          uncounted,
        });
        if (answer.kind === 'fatal') return answer;
        if (answer.kind === 'pending') unmet.push(answer);
      }
      return unmet[0] ?? ready;
    },
  });
}

/** Ready when the broker accepts the login and the vhost: what can be known before there is a worker. */
export function brokerAnswersProbe(connection: BrokerConnection): Probe {
  const { address } = connection;
  return patientProbe({
    address,
    description: `${describeBroker(address)} accepts user "${address.user}" on vhost "${address.vhost}"`,
    async ask() {
      try {
        await connection.open();
        return ready;
      } catch (error) {
        return fromFailure(classifyBrokerError(error, address));
      }
    },
  });
}

async function checkConsumers(
  queue: string,
  wanted: number,
  others: number,
  {
    connection,
    uncounted,
  }: { readonly connection: BrokerConnection; readonly uncounted: UncountedQueues | undefined },
): Promise<ProbeAnswer> {
  try {
    const answer = await connection.checkQueue(queue);
    if (answer.kind === 'missing') return pending(`queue "${queue}" does not exist yet`);
    if (answer.kind === 'locked') {
      return fatal(
        `queue "${queue}" is exclusive to its connection (405), so its consumers cannot be counted: use another probe for it`,
      );
    }
    if (answer.consumers >= others + wanted) return ready;
    const why = `queue "${queue}" has ${describeCount(answer.consumers, others)}, wanted ${wanted}`;
    if (answer.consumers > 0 || !uncounted) return pending(why);
    return await uncounted.judge(queue, wanted, why);
  } catch (error) {
    return fromFailure(classifyBrokerError(error, connection.address));
  }
}

function describeCount(consumers: number, others: number): string {
  if (others === 0) return `${consumers} ${plural(consumers)}`;
  return `${Math.max(0, consumers - others)} new ${plural(consumers - others)} (${others} others)`;
}

function describeWanted(queue: string, consumers: number): string {
  return `queue "${queue}" has ${consumers} new ${plural(consumers)}`;
}

function plural(count: number): string {
  return count === 1 ? 'consumer' : 'consumers';
}
