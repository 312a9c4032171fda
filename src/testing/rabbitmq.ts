import { argumentInvalid } from '../errors.ts';
import type { PublishOptions, RabbitmqOperations, ServiceChoice } from '../session/contract.ts';
import { callWorker } from './call-worker.ts';
import { serviceFaults } from './crash/service-faults.ts';
import { encodeContent } from './encode-content.ts';
import { nextMatching, parseWait } from './listener.ts';
import type { RabbitmqHandle } from './rabbitmq-handle.ts';
import { messageCalls, messageListener } from './rabbitmq-listener.ts';
import { toMessage } from './rabbitmq-message.ts';
import { openService } from './service-calls.ts';
import { sessionBridge } from './session-bridge.ts';
import { framesAbove, unpackFramed, unpackLater } from './unpack.ts';

const mostPeeked = 100;

/** Which broker, and what every message that is published by the handle has. */
export interface RabbitmqChoice extends ServiceChoice {
  /** What `publish()` and `call()` send where they are not told otherwise; headers are merged. */
  readonly defaults?: PublishOptions;
}

/**
 * The broker of this file's workers: the one the first `rabbitmq` probe is about, that of `worker`, or the one at `url`.
 *
 * @throws ENV_MISSING when no worker names one; ARGUMENT_INVALID; NOT_IN_ENVIRONMENT
 */
export function rabbitmq({ defaults = {}, ...choice }: RabbitmqChoice = {}): RabbitmqHandle {
  const bridge = sessionBridge();
  if (typeof defaults !== 'object' || defaults === null)
    throw argumentInvalid('rabbitmq(): defaults', defaults, 'properties of a message, such as { headers }');
  const { url, call } = openService<RabbitmqOperations>('rabbitmq', choice, rabbitmq);
  const handle: RabbitmqHandle = {
    url,
    fault: serviceFaults(bridge, { kind: 'rabbitmq', url, choice }),
    async publish(target, content, options = {}) {
      const { body, options: properties } = encodeContent(content, { defaults, options });
      await unpackLater(call('publish', target, body, properties), handle.publish);
    },
    get(queue) {
      return unpackLater(call('get', queue), handle.get);
    },
    purge(queue) {
      return unpackLater(call('purge', queue), handle.purge);
    },
    depth(queue) {
      return unpackLater(call('depth', queue), handle.depth);
    },
    async declare(...declarations) {
      await unpackLater(call('declare', declarations), handle.declare);
    },
    async removeAtEnd(queue) {
      await unpackLater(call('removeAtEnd', queue), handle.removeAtEnd);
    },
    async consume(target) {
      const number = await unpackLater(call('listen', target), handle.consume);
      return messageListener(bridge, call, number);
    },
    async waitForMessage(target, match, options) {
      const frames = framesAbove(handle.waitForMessage);
      const time = parseWait(bridge, { call: 'waitForMessage()', match, options, frames });
      const calls = messageCalls(call, await unpackFramed(call('listen', target), frames));
      try {
        return await nextMatching(calls, toMessage<never>, { match, time, frames });
      } finally {
        await calls.stop();
      }
    },
    async call(target, content, options = {}) {
      const frames = framesAbove(handle.call);
      const time = parseWait(bridge, { call: 'call()', options, frames });
      const { timeoutMs: _, ...properties } = options;
      const id = properties.correlationId ?? crypto.randomUUID();
      const encoded = encodeContent(content, { defaults, options: properties, id });
      return callWorker(call, { target, content, encoded, time, frames });
    },
    async peek(queue, { limit = mostPeeked } = {}) {
      const messages = await unpackLater(call('peek', queue, limit), handle.peek);
      return messages.map(toMessage<never>);
    },
    async drain(queue) {
      return (await unpackLater(call('drain', queue), handle.drain)).map(toMessage<never>);
    },
    async deadLetters(queue, { limit = mostPeeked, ...where } = {}) {
      const found = await unpackLater(call('deadLetters', queue, { limit, ...where }), handle.deadLetters);
      return { ...found, messages: found.messages.map(toMessage<never>) };
    },
  };
  return handle;
}
