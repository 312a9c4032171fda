import { findConnectionHolders } from '../process/table/find-socket-holders.ts';
import type { TapConnectionReading } from '../tap/flow/tap-reading.ts';
import type { LaunchTap } from '../tap/launch-tap.ts';

/** The process of a worker that holds its end of a tapped connection; undefined where that cannot be seen. */
export function pidOfConnection(
  { legs }: Pick<LaunchTap, 'legs'>,
  { listener, clientPort, isOpen }: TapConnectionReading,
): number | undefined {
  const leg = legs.find(({ key }) => key === listener);
  if (!leg || !isOpen) return undefined;
  return findConnectionHolders(clientPort, leg.port)[0]?.pid;
}
