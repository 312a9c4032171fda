import { type FSWatcher, watch } from 'node:fs';

const safetyPollMs = 250;
const pollWithoutWatchMs = 50;

/** Calls `onChange` when a log may have changed, by the kernel's word and, because it cannot be relied upon, by the clock. */
export function watchLog({ path }: { readonly path: string }, onChange: () => void): { close(): void } {
  const watcher = watchFile(path, onChange);
  const timer = setInterval(onChange, watcher ? safetyPollMs : pollWithoutWatchMs);
  timer.unref();
  return {
    close() {
      watcher?.close();
      clearInterval(timer);
    },
  };
}

/** Undefined when the kernel has no watches left (ENOSPC, EMFILE) or the file system has none: polling is enough then. */
function watchFile(path: string, onChange: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(path, { persistent: false }, onChange);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
