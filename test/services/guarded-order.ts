import type { ServiceProbeSpec } from '../../src/options/probe-options.ts';
import type { ServerImage } from '../../src/server/docker/plan-container.ts';
import type { ServerCommand, ServerPlan } from '../../src/server/server-plan.ts';

/** What the guardian makes, holds and unmakes. */
export type GuardedOrder =
  /** A server as the package itself starts it for a run. */
  | {
      readonly kind: 'server';
      readonly server: ServiceProbeSpec['kind'];
      readonly way: 'private' | 'docker';
      /** It gets a management API, where it has one. */
      readonly isForSlots: boolean;
      /** More lines for files of its folder, by their names. */
      readonly settings: Readonly<Record<string, string>>;
    }
  /** A container of any other server. */
  | { readonly kind: 'container'; readonly image: Omit<ServerImage, 'url'>; readonly scheme: string }
  /** Anything else. */
  | { readonly kind: 'plan'; readonly plan: ServerPlan; readonly closing: readonly ServerCommand[] };

export interface GuardedServer {
  readonly kind: 'planned';
  /** Empty for a plan. */
  readonly url: string;
  readonly source: string;
  readonly managementUrl?: string | undefined;
  readonly commandEnvironment?: Readonly<Record<string, string>> | undefined;
}

export type GuardianMessage =
  | GuardedServer
  | { readonly kind: 'unavailable'; readonly why: string }
  | { readonly kind: 'started' }
  | { readonly kind: 'failed'; readonly why: string };
