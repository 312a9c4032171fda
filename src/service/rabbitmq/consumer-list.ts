import type { QueueElsewhere } from '../../diagnose/evidence.ts';
import type { LaunchPlan } from '../../launch/plan.ts';
import type { ProbeSpec } from '../../options/probe-options.ts';
import { brokerUrl } from '../service-url.ts';
import { parseBrokerUrl } from './broker-address.ts';
import { lookInVhosts } from './fixtures/look-in-vhosts.ts';
import { type ListedConsumer, listConsumers, managementUrl } from './list-consumers.ts';

/** Before the deadline, so that the answer is there when the failure is told. */
const leadMs = 700;

/** Who consumes what and where, as the brokers of a launch and their management APIs saw it shortly before its deadline. */
export class ConsumerList {
  #consumers: readonly ListedConsumer[] = [];
  #elsewhere: readonly QueueElsewhere[] = [];

  /** Asks once, unless it is closed before. */
  lookBeforeDeadline(specs: readonly ProbeSpec[], plan: LaunchPlan, deadlineMs: number): { close(): void } {
    const look = () => {
      void this.#look(specs, plan.env);
      void this.#lookInVhosts(specs, plan);
    };
    const timer = setTimeout(look, Math.max(0, deadlineMs - leadMs));
    return { close: () => clearTimeout(timer) };
  }

  /** The queues consumed over connections with these own ends; undefined when none is known. */
  queuesOf(localPorts: readonly number[]): readonly string[] | undefined {
    const own = this.#consumers.filter(({ peerPort }) => localPorts.includes(peerPort));
    return own.length === 0 ? undefined : [...new Set(own.map(({ queue }) => queue))];
  }

  /** Queues of the probes that have their consumers in another vhost. */
  get elsewhere(): readonly QueueElsewhere[] {
    return this.#elsewhere;
  }

  async #lookInVhosts(specs: readonly ProbeSpec[], plan: LaunchPlan): Promise<void> {
    const looks = specs.flatMap(probe =>
      probe.kind === 'rabbitmq'
        ? [lookInVhosts(brokerUrl(probe.url, plan.env, 'rabbitmq'), probe.queues, plan)]
        : [],
    );
    this.#elsewhere = (await Promise.all(looks)).flat();
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
