import { parseBrokerUrl } from '../probe/rabbitmq/broker-address.ts';
import { type ListedConsumer, listConsumers, managementUrl } from '../probe/rabbitmq/list-consumers.ts';
import { brokerUrl } from '../probe/service-url.ts';
import type { ProbeSpec } from '../spec/probe-options.ts';

/** Before the deadline, so that the answer is there when the failure is told. */
const leadMs = 700;

/** Who consumes what, as the management APIs of a launch's brokers saw it shortly before its deadline, where there are any. */
export class ConsumerList {
  #consumers: readonly ListedConsumer[] = [];

  /** Asks once, unless it is closed before. */
  lookBeforeDeadline(
    specs: readonly ProbeSpec[],
    env: Readonly<Record<string, string>>,
    deadlineMs: number,
  ): { close(): void } {
    const timer = setTimeout(() => void this.#look(specs, env), Math.max(0, deadlineMs - leadMs));
    return { close: () => clearTimeout(timer) };
  }

  /** The queues consumed over connections with these own ends; undefined when none is known. */
  queuesOf(localPorts: readonly number[]): readonly string[] | undefined {
    const own = this.#consumers.filter(({ peerPort }) => localPorts.includes(peerPort));
    return own.length === 0 ? undefined : [...new Set(own.map(({ queue }) => queue))];
  }

  async #look(specs: readonly ProbeSpec[], env: Readonly<Record<string, string>>): Promise<void> {
    const asked = specs.flatMap(probe => {
      if (probe.kind !== 'rabbitmq') return [];
      const broker = brokerUrl(probe.url, env, 'rabbitmq');
      const { vhost } = parseBrokerUrl(broker);
      return [listConsumers(probe.managementUrl ?? managementUrl(broker), { brokerUrl: broker, vhost })];
    });
    const answers = await Promise.all(asked);
    this.#consumers = answers.flatMap(consumers => consumers ?? []);
  }
}
