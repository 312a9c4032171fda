import type {
  DeadLetterPlace,
  Declaration,
  PublishOptions,
  PublishTarget,
  QueueDepth,
  ReceivedMessage,
  WaitOptions,
} from '../session/contract.ts';
import type { ServiceFaults } from './crash/service-faults.ts';
import type { Envelope } from './envelope.ts';
import type { Listener, Match } from './listener.ts';
import type { RabbitmqMessage } from './rabbitmq-message.ts';

/** The broker the worker under test uses. Its connection is opened on first use and closed by the environment. */
export interface RabbitmqHandle {
  /** The complete URL, password included. */
  readonly url: string;
  /** What goes wrong between it and workers with a tap. */
  readonly fault: ServiceFaults;
  /**
   * Publishes, and resolves when the broker has taken responsibility. Strings and Buffers are sent as they are, an envelope as its
   * framework wants it, anything else as JSON.
   *
   * @throws MESSAGE_UNROUTABLE when no queue takes it.
   */
  publish(target: PublishTarget, content: unknown, options?: PublishOptions): Promise<void>;
  /** Takes and acknowledges one message, or resolves with null when there is none. */
  get(queue: string): Promise<ReceivedMessage | null>;
  /** Drops the messages no consumer has taken, and resolves with their number. */
  purge(queue: string): Promise<number>;
  depth(queue: string): Promise<QueueDepth>;
  /**
   * Makes queues, exchanges and bindings, in this order as given, which are gone when the file is over. What is there already stays
   * as it is.
   *
   * @throws BROKER_REFUSED where it is there with other properties
   */
  declare(...declarations: readonly Declaration[]): Promise<void>;
  /**
   * Removes a queue of the workers when they have stopped, unless somebody consumes from it by then: one that was missing when the first
   * of them was started and that a probe names, or that is missing now.
   *
   * @throws BROKER_REFUSED for any other
   */
  removeAtEnd(queue: string): Promise<void>;
  /**
   * Begins to listen, and resolves when nothing that is published from now on can be missed. A queue is consumed from, of an exchange
   * comes what is routed by that key. It ends with its test; one that begins in a hook, with the file.
   *
   * @throws BROKER_REFUSED where it does not exist
   */
  consume<Content = unknown>(target: PublishTarget): Promise<Listener<RabbitmqMessage<Content>>>;
  /**
   * Resolves with the first message that matches; others go back to their queue. What this handle publishes after the call, awaited or
   * not, is heard.
   *
   * @throws WAIT_TIMEOUT with what came instead; BROKER_REFUSED
   */
  waitForMessage<Content = unknown>(
    target: PublishTarget,
    match?: Match<RabbitmqMessage<Content>>,
    options?: WaitOptions,
  ): Promise<RabbitmqMessage<Content>>;
  /**
   * Publishes with an address for the answer, and resolves with it.
   *
   * @throws MESSAGE_UNROUTABLE, WAIT_TIMEOUT; CALL_FAILED when it is an error by its envelope
   */
  call<Reply = unknown>(
    target: PublishTarget,
    content: Envelope<Reply>,
    options?: PublishOptions & WaitOptions,
  ): Promise<RabbitmqMessage<Reply>>;
  call<Reply = unknown>(
    target: PublishTarget,
    content: unknown,
    options?: PublishOptions & WaitOptions,
  ): Promise<RabbitmqMessage<Reply>>;
  /** The first messages of a queue, 100 unless told. They stay there, and are `redelivered` from now on. */
  peek<Content = unknown>(
    queue: string,
    options?: { readonly limit?: number },
  ): Promise<readonly RabbitmqMessage<Content>[]>;
  /** Takes and acknowledges every message no consumer has taken. */
  drain<Content = unknown>(queue: string): Promise<readonly RabbitmqMessage<Content>[]>;
  /**
   * Where the messages go that this queue gives up, and those that lie there. They stay there.
   *
   * @throws BROKER_REFUSED where they are lost, or the broker does not tell where they are
   */
  deadLetters<Content = unknown>(
    queue: string,
    options?: { readonly in?: string; readonly limit?: number },
  ): Promise<DeadLetters<Content>>;
}

/** What a queue gave up. */
export interface DeadLetters<Content = unknown> extends DeadLetterPlace {
  /** Why and when each was given up stands in its `deaths`. */
  readonly messages: readonly RabbitmqMessage<Content>[];
}
