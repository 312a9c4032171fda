import { packError } from '../reported-error.ts';
import type { ClientConnection } from './client-connection.ts';
import type { HeldLaunch } from './holdings.ts';

/** Tells a test file what becomes of a worker it uses, until the watch is stopped. */
export function followLaunch(
  { launch: { name: worker }, ready, onExit }: HeldLaunch,
  client: ClientConnection,
): { stop(): void } {
  let isOver = false;
  ready.then(
    leader => isOver || client.push({ kind: 'ready', worker, leader }),
    error => isOver || client.push({ kind: 'failed', worker, error: packError(error) }),
  );
  const watch = onExit(exit => client.push({ kind: 'exited', worker, exit }));
  return {
    stop() {
      isOver = true;
      watch.stop();
    },
  };
}
