import type { Upstream } from './proxy/upstream.ts';

/** Variables of a launch that lead to a service, for a tap to stand between. */
export type Tappable =
  | {
      readonly variables: readonly string[];
      readonly upstream: Upstream;
      /** The variables as the worker is to have them when its tap listens there; null unsets one. */
      leadTo(place: {
        readonly host: string;
        readonly port: number;
      }): Readonly<Record<string, string | null>>;
    }
  | UntappableVariables;

/** They stay as they are. */
interface UntappableVariables {
  readonly variables: readonly string[];
  readonly untappable: string;
}
