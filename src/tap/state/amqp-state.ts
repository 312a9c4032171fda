import type { AmqpEvent } from '../amqp/amqp-event.ts';
import { AmqpChannelState } from './amqp-channel-state.ts';
import type { Refusal } from './refusals.ts';
import type { AmqpSight, Unacknowledged } from './tap-sight.ts';

/** As many as a client may open. */
const mostChannels = 65_535;
/** What a side that closes without a reproach says. */
const success = 200;

/** What follows from the events of one AMQP connection of a worker. */
export class AmqpState {
  readonly #channels = new Map<number, AmqpChannelState>();
  #user: string | undefined;
  #vhost: string | undefined;
  #isOpen = false;

  /** @returns what the broker refused by this event, if it did */
  apply(event: AmqpEvent, nowMs: number): Refusal | undefined {
    switch (event.kind) {
      case 'login':
        this.#user = event.user;
        return undefined;
      case 'open':
        this.#vhost = event.vhost;
        return undefined;
      case 'opened':
        this.#isOpen = true;
        return undefined;
      case 'close':
        this.end();
        return refusalOf(event, true);
      case 'channel-close':
        this.#channels.delete(event.channel);
        return refusalOf(event, false);
      case 'protocol':
      case 'blocked':
      case 'unblocked':
      case 'heartbeat':
      case 'not-understood':
        return undefined;
      default:
        this.#channel(event.channel).apply(event, nowMs);
        return undefined;
    }
  }

  /** Undefined before something happened on it, and when it is closed. */
  channelOf(number: number): AmqpChannelState | undefined {
    return this.#channels.get(number);
  }

  channelNumbers(): readonly number[] {
    return [...this.#channels.keys()];
  }

  /** Its messages go back to their queues, and its consumers are none any more. */
  end(): void {
    this.#channels.clear();
  }

  sight(nowMs: number): AmqpSight {
    const channels = [...this.#channels.values()];
    return {
      user: this.#user,
      vhost: this.#vhost,
      isOpen: this.#isOpen,
      consumers: channels.flatMap(({ consumers }) => [...consumers.values()]),
      unacknowledged: countByQueue(channels, nowMs),
    };
  }

  #channel(number: number): AmqpChannelState {
    const channel = this.#channels.get(number) ?? new AmqpChannelState();
    if (this.#channels.size < mostChannels) this.#channels.set(number, channel);
    return channel;
  }
}

function countByQueue(channels: readonly AmqpChannelState[], nowMs: number): readonly Unacknowledged[] {
  const counts = new Map<string, { messages: number; oldestMs: number }>();
  for (const { unacknowledged } of channels) {
    for (const { queue, atMs } of unacknowledged.values()) {
      const { messages, oldestMs } = counts.get(queue) ?? { messages: 0, oldestMs: 0 };
      counts.set(queue, { messages: messages + 1, oldestMs: Math.max(oldestMs, nowMs - atMs) });
    }
  }
  return [...counts].map(([queue, count]) => ({ queue, ...count }));
}

function refusalOf(
  { by, code, text }: { readonly by: 'client' | 'server'; readonly code: number; readonly text: string },
  isFinal: boolean,
): Refusal | undefined {
  if (by === 'client' || code === success) return undefined;
  return { code: String(code), text, isFinal };
}
