import type { SettleOptions } from '../../session/contract.ts';
import { sessionBridge } from '../session-bridge.ts';
import { unpackLater } from '../unpack.ts';

/**
 * Resolves when the workers with a tap have done what the test set off, as far as it can be seen: their queues are empty, every message
 * is acknowledged, no statement and no transaction is open, and for `quietMs` nothing happened.
 *
 * @throws NOT_SETTLED with what is not over, SETTLED_BLIND, TAP_NEEDED, ARGUMENT_INVALID
 *
 * @example await settled();
 */
export async function settled(options?: SettleOptions): Promise<void> {
  await unpackLater(sessionBridge().untilSettled(options), settled);
}
