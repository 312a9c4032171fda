import type { Duplex } from 'node:stream';
import type { Connection, ConnectionConfig } from 'pg';

interface Listening {
  attachListeners(stream: Pick<Duplex, 'on'>): void;
}
type ListeningConnection = new (config: ConnectionConfig) => Connection & Listening;

/** A connection of pg whose parser, when it throws at what the server sent, ends the connection and not the process. */
export function guardedConnection(base: typeof Connection, config: ConnectionConfig): Connection {
  class GuardedConnection extends (base as unknown as ListeningConnection) {
    override attachListeners(stream: Duplex): void {
      super.attachListeners({
        on(event: string, listener: (...words: unknown[]) => void) {
          return stream.on(event, guarded(listener, stream));
        },
      } as Pick<Duplex, 'on'>);
    }
  }
  return new GuardedConnection(config);
}

function guarded(listener: (...words: unknown[]) => void, stream: Duplex): (...words: unknown[]) => void {
  return (...words) => {
    try {
      listener(...words);
    } catch (error) {
      stream.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  };
}
