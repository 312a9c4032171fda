import { notice } from '../../text/notice.ts';
import type { LeaseOrder } from '../protocol.ts';

let isTold = false;

/** How long the workers of this order are to outlive the run, in milliseconds. A CI server starts from nothing each time. */
export function keepAliveOf({ env, keepAliveMs }: Pick<LeaseOrder, 'env' | 'keepAliveMs'>): number {
  const isCi = env.CI !== undefined && !['', '0', 'false'].includes(env.CI);
  if (!isCi || keepAliveMs === 0) return keepAliveMs;
  if (!isTold) notice(`keepAliveMs: ${keepAliveMs} is ignored, because CI is set`);
  isTold = true;
  return 0;
}
