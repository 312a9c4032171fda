import { packError } from '../reported-error.ts';
import type { ClientConnection } from './client-connection.ts';
import type { HeldLaunch, LaunchEcho } from './holdings.ts';

/** Tells a test file what becomes of a worker it uses, until the watch is stopped. */
export function followLaunch(
  { launch: { name: worker }, ready, onExit, echoTo }: HeldLaunch,
  client: ClientConnection,
): LaunchEcho {
  let isOver = false;
  ready.then(
    leader => isOver || client.push({ kind: 'ready', worker, leader }),
    error => isOver || client.push({ kind: 'failed', worker, error: packError(error) }),
  );
  const watch = onExit(exit => client.push({ kind: 'exited', worker, exit }));
  const echo = echoTo?.({
    write: text => client.push({ kind: 'echo', text }),
    get isBusy() {
      return client.isFull;
    },
  });
  return {
    finish: () => echo?.finish(),
    stop() {
      isOver = true;
      watch.stop();
      echo?.stop();
    },
  };
}
