import type { PostgresOperations, SessionBridge } from '../session/contract.ts';
import { decodeText } from './decode-text.ts';
import { createListener, type Listener } from './listener.ts';
import type { PostgresNotification } from './postgres-handle.ts';
import type { ServiceCall } from './service-calls.ts';

/** @param number by which the environment knows it */
export function notificationListener<Content>(
  bridge: SessionBridge,
  call: ServiceCall<PostgresOperations>,
  number: number,
): Listener<PostgresNotification<Content>> {
  return createListener(
    bridge,
    {
      arrivals: wait => call('arrivals', number, wait),
      arrived: () => call('arrived', number),
      take: one => call('take', number, one),
      stop: () => call('stopListening', number),
    },
    received => ({ ...received, content: decodeText(received.payload) as Content }),
  );
}
