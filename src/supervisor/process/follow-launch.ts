import type { ProcessIdentity } from '../../process/table/process-entry.ts';
import type { LaunchNews } from '../../worker/runner/worker-lease.ts';
import type { SentNews } from '../protocol.ts';
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
  { launch: { name: worker }, ready, whyNotReady, onExit, onLost, readTap, control, echoTo }: HeldLaunch,
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
  // The state comes first: who hears that it is ready looks at it.
  const watch = control
    ? control.onNews(news => client.push({ kind: 'news', worker, news: pack(news) }))
    : onExit(exit => client.push({ kind: 'exited', worker, exit }));
  const losses = onLost(({ error, repeated }) =>
    client.push({ kind: 'turnLost', error: packError(error), repeated: packError(repeated) }),
  );
  followReady(worker, ready, client, () => isOver);
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
      losses.stop();
      echo?.stop();
    },
  };
}

/** Tells it how a start ends. */
export function followReady(
  worker: string,
  ready: Promise<ProcessIdentity>,
  client: ClientConnection,
  isOver: () => boolean,
): void {
  ready.then(
    leader => isOver() || client.push({ kind: 'ready', worker, leader }),
    error => isOver() || client.push({ kind: 'failed', worker, error: packError(error) }),
  );
}

function pack(news: LaunchNews): SentNews {
  return news.kind === 'restartFailed' ? { kind: news.kind, error: packError(news.error) } : news;
}
