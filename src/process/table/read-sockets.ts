import { readFileSync } from 'node:fs';

/** One TCP socket of this machine, see proc_net(5). */
export interface TcpSocket {
  /** What links it to the descriptors of processes. */
  readonly inode: string;
  readonly state: 'established' | 'listening' | 'connecting' | 'other';
  readonly local: Endpoint;
  readonly peer: Endpoint;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

const states: Readonly<Record<string, TcpSocket['state']>> = {
  '01': 'established',
  '02': 'connecting',
  '0A': 'listening',
};

/** Every TCP socket of this network namespace, or undefined where there is no /proc. */
export function readSockets(): readonly TcpSocket[] | undefined {
  const tables = [readTable('/proc/net/tcp'), readTable('/proc/net/tcp6')].filter(
    table => table !== undefined,
  );
  if (tables.length === 0) return undefined;
  return tables.flatMap(table => table.trimEnd().split('\n').slice(1).map(parseSocket));
}

interface UnixSocket {
  readonly inode: string;
  readonly isListening: boolean;
  readonly path: string;
}

/** `Num: RefCount Protocol Flags Type St Inode Path`; the flag is __SO_ACCEPTCON. */
const unixSocket = /^\w+: \w+ \w+ (\w+) \w+ \w+ +(\d+) (.+)$/gm;

/** Every Unix socket that has a path; empty where there is no /proc. */
export function readUnixSockets(): readonly UnixSocket[] {
  return [...(readTable('/proc/net/unix') ?? '').matchAll(unixSocket)].map(
    ([, flags = '', inode = '', path = '']) => ({ inode, isListening: flags === '00010000', path }),
  );
}

function readTable(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

function parseSocket(line: string): TcpSocket {
  const fields = line.trim().split(/\s+/);
  return {
    inode: fields[9] ?? '',
    state: states[fields[3] ?? ''] ?? 'other',
    local: parseEndpoint(fields[1] ?? ''),
    peer: parseEndpoint(fields[2] ?? ''),
  };
}

function parseEndpoint(text: string): Endpoint {
  const [address = '', port = ''] = text.split(':');
  return { host: parseAddress(address), port: Number.parseInt(port, 16) };
}

/** The kernel prints words of 32 bits in the byte order of the machine, which is little-endian wherever Node runs. */
function parseAddress(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap(word => [...Buffer.from(word, 'hex')].reverse());
  if (bytes.length === 4) return bytes.join('.');
  if (isMapped(bytes)) return bytes.slice(12).join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16),
  );
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/** An IPv4 address in an IPv6 socket: `::ffff:127.0.0.1`. */
function isMapped(bytes: readonly number[]): boolean {
  return bytes.slice(0, 10).every(byte => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
}
