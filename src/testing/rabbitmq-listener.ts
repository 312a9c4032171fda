import type { RabbitmqOperations, ReceivedMessage, SessionBridge } from '../session/contract.ts';
import { createListener, type Listener, type ListenerCalls } from './listener.ts';
import { type RabbitmqMessage, toMessage } from './rabbitmq-message.ts';
import type { ServiceCall } from './service-calls.ts';

/** @param number by which the environment knows it */
export function messageListener<Content>(
  bridge: SessionBridge,
  call: ServiceCall<RabbitmqOperations>,
  number: number,
): Listener<RabbitmqMessage<Content>> {
  return createListener(bridge, messageCalls(call, number), received => toMessage<Content>(received));
}

export function messageCalls(
  call: ServiceCall<RabbitmqOperations>,
  number: number,
): ListenerCalls<ReceivedMessage> {
  return {
    arrivals: wait => call('arrivals', number, wait),
    arrived: () => call('arrived', number),
    take: one => call('take', number, one),
    stop: () => call('stopListening', number),
  };
}
