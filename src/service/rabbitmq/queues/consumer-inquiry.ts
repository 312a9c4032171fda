import type { QueueElsewhere } from '../../../diagnose/evidence.ts';
import type { LaunchInquiry } from '../../service.ts';
import { parseBrokerUrl } from '../broker-address.ts';
import type { RabbitmqUse } from '../rabbitmq-use.ts';
import { type ListedConsumer, listConsumers, managementUrl } from './list-consumers.ts';
import { lookInVhosts } from './look-in-vhosts.ts';

/** Before the deadline, so that the answer is there when the failure is told. */
const leadMs = 700;

/** Who consumes what and where, as the brokers of a launch and their management APIs see it shortly before its deadline. */
export class ConsumerInquiry implements LaunchInquiry {
  readonly #uses: readonly RabbitmqUse[];
  #consumers: readonly ListedConsumer[] = [];
  #elsewhere: readonly QueueElsewhere[] = [];

  constructor(uses: readonly RabbitmqUse[]) {
    this.#uses = uses;
  }

  askBefore(deadlineMs: number): { close(): void } {
    const ask = () => {
      void this.#listConsumers();
      void this.#lookInVhosts();
    };
    const timer = setTimeout(ask, Math.max(0, deadlineMs - leadMs));
    return { close: () => clearTimeout(timer) };
  }

  evidenceOf(localPorts: readonly number[]): ReturnType<LaunchInquiry['evidenceOf']> {
    const own = this.#consumers.filter(({ peerPort }) => localPorts.includes(peerPort));
    return {
      consumedQueues: own.length === 0 ? undefined : [...new Set(own.map(({ queue }) => queue))],
      elsewhere: this.#elsewhere,
    };
  }

  async #lookInVhosts(): Promise<void> {
    const looks = this.#uses.map(({ url, spec, plan }) => lookInVhosts(url, spec.queues, plan));
    this.#elsewhere = (await Promise.all(looks)).flat();
  }

  async #listConsumers(): Promise<void> {
    const lists = this.#uses.map(({ url, spec }) => {
      const { vhost } = parseBrokerUrl(url);
      return listConsumers(spec.managementUrl ?? managementUrl(url), { brokerUrl: url, vhost });
    });
    this.#consumers = (await Promise.all(lists)).flatMap(consumers => consumers ?? []);
  }
}
