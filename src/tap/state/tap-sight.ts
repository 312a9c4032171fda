import type { TransactionState } from '../postgres/postgres-event.ts';

/** What a tap knows at one moment: plain data, without contents of messages and rows. */
export interface TapSight {
  readonly listeners: readonly TapListenerSight[];
  /** Those that are open. */
  readonly connections: readonly TapConnectionSight[];
  /** What services answered to the launch that runs, or was the last to; the latest of each kind last. */
  readonly refusals: readonly TapRefusal[];
}

export interface TapListenerSight {
  /** Names its upstream. */
  readonly key: string;
  /** On the loopback interface. */
  readonly port: number;
  /** Connections that came to it in this launch, those that are closed included. */
  readonly arrivals: number;
  /** The last reason why no connection to the upstream came about. */
  readonly unreachable?: string;
}

export interface TapConnectionSight {
  readonly listener: string;
  /** The worker's end. */
  readonly clientPort: number;
  /** The tap's own end at the service; undefined until it is connected, and on a Unix socket. */
  readonly upstreamPort: number | undefined;
  /** Why it is only passed on. */
  readonly notUnderstood?: string;
  readonly amqp?: AmqpSight;
  readonly postgres?: PostgresSight;
}

export interface AmqpSight {
  readonly user: string | undefined;
  /** Asked for. */
  readonly vhost: string | undefined;
  /** The broker let it in. */
  readonly isOpen: boolean;
  readonly consumers: readonly TappedConsumer[];
  /** By queue; none where there is none. */
  readonly unacknowledged: readonly Unacknowledged[];
}

export interface TappedConsumer {
  readonly queue: string;
  /** The broker counts its messages as done when they are sent. */
  readonly noAck: boolean;
}

/** Messages of one queue that were delivered on a connection and not acknowledged. */
export interface Unacknowledged {
  readonly queue: string;
  readonly messages: number;
  /** Since the first of them was delivered. */
  readonly oldestMs: number;
}

export interface PostgresSight {
  readonly user: string | undefined;
  readonly database: string | undefined;
  /** The server accepted the login. */
  readonly isOpen: boolean;
  /** `pg_backend_pid()` */
  readonly backend: number | undefined;
  readonly transaction: TransactionState;
  /** Something was sent that the server has not answered. */
  readonly isBusy: boolean;
}

/** An error a service sent to the worker. */
export interface TapRefusal {
  readonly listener: string;
  /** `404`; a SQLSTATE */
  readonly code: string;
  readonly text: string;
  /** What was refused, where that is known. */
  readonly statement?: string;
  /** It ended the connection. */
  readonly isFinal: boolean;
  readonly agoMs: number;
}
