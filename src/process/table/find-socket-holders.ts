import type { ProcessEntry } from './process-entry.ts';
import { readProcessTable, socketInodesOf } from './process-table.ts';
import { type Endpoint, readSockets, readUnixSockets } from './read-sockets.ts';

/** What the sockets of a set of processes lead to. */
export interface HeldSockets {
  /** The other ends of the connections they opened. */
  readonly peers: readonly Endpoint[];
  /** Their own ends of these, in the same order. */
  readonly localPorts: readonly number[];
  readonly listeningPorts: readonly number[];
  readonly listening: readonly Endpoint[];
  /** The other ends of the connections that are not accepted yet. */
  readonly connecting: readonly Endpoint[];
}

/** Undefined where there is no /proc. */
export function findHeldSockets(pids: readonly number[]): HeldSockets | undefined {
  const inodes = new Set(pids.flatMap(socketInodesOf));
  const held = readSockets()?.filter(({ inode }) => inodes.has(inode));
  if (!held) return undefined;
  const listening = held.filter(({ state }) => state === 'listening').map(({ local }) => local);
  const listeningPorts = listening.map(({ port }) => port);
  const opened = held.filter(
    ({ state, local }) => state === 'established' && !listeningPorts.includes(local.port),
  );
  return {
    peers: opened.map(({ peer }) => peer),
    localPorts: opened.map(({ local }) => local.port),
    listeningPorts: [...new Set(listeningPorts)],
    listening,
    connecting: held.filter(({ state }) => state === 'connecting').map(({ peer }) => peer),
  };
}

/** The processes that listen on a port, as far as they may be looked at. */
export function findListeners(port: number): readonly ProcessEntry[] {
  const sockets = readSockets() ?? [];
  return findHolders(
    sockets
      .filter(({ state, local }) => state === 'listening' && local.port === port)
      .map(({ inode }) => inode),
  );
}

/** The processes with a connection to one of the addresses on a port, as far as they may be looked at. */
export function findClients(port: number, hosts: readonly string[]): readonly ProcessEntry[] {
  const sockets = readSockets() ?? [];
  return findHolders(
    sockets
      .filter(({ state, peer }) => state === 'established' && peer.port === port && hosts.includes(peer.host))
      .map(({ inode }) => inode),
  );
}

/** The processes that hold the end at `localPort` of a connection to `peerPort` of this machine. */
export function findConnectionHolders(localPort: number, peerPort: number): readonly ProcessEntry[] {
  const sockets = readSockets() ?? [];
  return findHolders(
    sockets
      .filter(({ local, peer }) => local.port === localPort && peer.port === peerPort)
      .map(({ inode }) => inode),
  );
}

function findHolders(inodes: readonly string[]): readonly ProcessEntry[] {
  const wanted = new Set(inodes);
  if (wanted.size === 0) return [];
  return (readProcessTable() ?? []).filter(({ pid }) => socketInodesOf(pid).some(inode => wanted.has(inode)));
}

/** The paths of the Unix sockets that processes listen on; see unix(7) and the table in proc(5). */
export function findUnixListeners(pids: readonly number[]): readonly string[] {
  const inodes = new Set(pids.flatMap(socketInodesOf));
  const table = readUnixSockets();
  return table.filter(({ inode, isListening }) => isListening && inodes.has(inode)).map(({ path }) => path);
}
