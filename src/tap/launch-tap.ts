import type { Tap } from './open-tap.ts';
import type { Upstream } from './proxy/upstream.ts';
import type { TapSight } from './state/tap-sight.ts';

/** Where taps listen. */
export const tapHost = '127.0.0.1';

/** What stands between one launch and its services. */
export interface LaunchTap extends Pick<Tap, 'beginTest' | 'read'> {
  /** One for each service. */
  readonly legs: readonly TapLeg[];
  /** How it stands now; undefined when it is gone. */
  look(): TapSight | undefined;
}

export interface TapLeg {
  /** That of its listener. */
  readonly key: string;
  /** At which it listens. */
  readonly port: number;
  readonly protocol: Upstream['protocol'];
  readonly address: Upstream['address'];
  /** The variables of the worker that lead there. */
  readonly variables: readonly string[];
}

/** The leg that listens where a socket leads to. */
export function legAt(
  legs: readonly TapLeg[],
  peer: { readonly host: string; readonly port: number },
): TapLeg | undefined {
  return legs.find(({ port }) => port === peer.port && (peer.host === tapHost || peer.host === '::1'));
}
