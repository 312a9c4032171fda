import { packError } from '../reported-error.ts';
import type { ClientConnection } from './client-connection.ts';
import type { HeldLaunch, LaunchEcho } from './holdings.ts';

/** A progress line of a test file is five times as rare. */
const lookEveryMs = 1_000;

export interface FollowedLaunch extends LaunchEcho, Pick<HeldLaunch, 'readTap'> {
  readonly worker: string;
}

/** Tells a test file what becomes of a worker it uses, until the watch is stopped. */
export function followLaunch(
  { launch: { name: worker }, ready, whyNotReady, onExit, readTap, echoTo }: HeldLaunch,
  client: ClientConnection,
): FollowedLaunch {
  let isOver = false;
  let why = '';
  const look = setInterval(() => {
    if (why === whyNotReady()) return;
    why = whyNotReady();
    client.push({ kind: 'waiting', worker, why });
  }, lookEveryMs).unref();
  const stopLooking = () => clearInterval(look);
  ready.then(stopLooking, stopLooking);
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
    worker,
    readTap,
    finish: () => echo?.finish(),
    stop() {
      isOver = true;
      stopLooking();
      watch.stop();
      echo?.stop();
    },
  };
}
