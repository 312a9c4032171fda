import type { ConnectionOptions } from 'node:tls';

/** A service a tap leads to: plain data, handed to its thread. */
export interface Upstream {
  readonly protocol: 'amqp' | 'postgres';
  readonly address: TcpAddress | { readonly path: string };
  /**
   * `asked`: where the worker's client asks for encryption and the server has it; `preferred`: where the server has it.
   */
  readonly encryption: 'never' | 'asked' | 'preferred' | 'required';
  readonly tls: UpstreamTls;
}

interface TcpAddress {
  readonly host: string;
  readonly port: number;
}

/** What may cross to a thread of `tls.connect`'s options. */
interface UpstreamTls
  extends Pick<
    ConnectionOptions,
    'ca' | 'cert' | 'key' | 'passphrase' | 'rejectUnauthorized' | 'servername'
  > {
  /** False: a certificate of any name will do. */
  readonly checksName?: boolean;
}

/** One and the same for upstreams that need only one listener. */
export function upstreamKey({ protocol, address, encryption }: Upstream): string {
  return `${protocol} ${describeUpstream(address)} ${encryption}`;
}

export function describeUpstream(address: Upstream['address']): string {
  if ('path' in address) return address.path;
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}
