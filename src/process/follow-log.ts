import { type FSWatcher, watch } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { type LogFile, logSize } from './open-log-files.ts';
import { readLogSlice } from './read-log.ts';

const safetyPollMs = 250;
const pollWithoutWatchMs = 50;
const sliceBytes = 1024 * 1024;

export interface LogFollower {
  /** Hands over what is there now, then lets go of the file. */
  close(): void;
}

/**
 * Reads behind the writer and hands text over as it comes, from byte `offset` on. A worker that truncates its own log
 * (`echo > /dev/stderr` does) is followed from the new beginning.
 */
export function followLog(file: LogFile, offset: number, onText: (text: string) => void): LogFollower {
  let position = offset;
  let decoder = new StringDecoder('utf8');

  function drain(): void {
    const size = logSize(file);
    if (size < position) {
      position = 0;
      decoder = new StringDecoder('utf8');
    }
    while (position < size) {
      const bytes = readLogSlice(file, position, Math.min(size, position + sliceBytes));
      if (bytes.length === 0) return;
      position += bytes.length;
      onText(decoder.write(bytes));
    }
  }

  const watcher = watchFile(file.path, drain);
  const timer = setInterval(drain, watcher ? safetyPollMs : pollWithoutWatchMs);
  timer.unref();
  return {
    close() {
      watcher?.close();
      clearInterval(timer);
      drain();
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
