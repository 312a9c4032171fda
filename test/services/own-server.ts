import type { ServiceProbeSpec } from '../../src/options/probe-options.ts';
import { serverKinds } from '../../src/server/server-kinds.ts';
import { type GuardedAttempt, provideGuarded } from './provide-guarded.ts';
import { serverRefusal, serverUrl } from './server-refusal.ts';

export interface OwnServerOptions {
  readonly server: ServiceProbeSpec['kind'];
  readonly way: 'private' | 'docker';
  readonly isForSlots?: boolean;
  /** More lines for files of its folder, by their names. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A server as the package itself starts one for a run, held until it is stopped or this process is gone. */
export function ownServer(
  { server, way, isForSlots = false, settings = {} }: OwnServerOptions,
  interruption: AbortSignal,
): Promise<GuardedAttempt> {
  return provideGuarded(
    {
      order: { kind: 'server', server, way, isForSlots, settings },
      refusal: serverRefusal(server),
      url: ({ url }) => serverUrl(server, url),
      describe: ({ url, source }) =>
        `private ${serverKinds[server].title} on port ${new URL(url).port} from ${source}`,
    },
    interruption,
  );
}

export function privatePostgres(interruption: AbortSignal): Promise<GuardedAttempt> {
  return ownServer({ server: 'postgres', way: 'private' }, interruption);
}

/** @param settings more lines of rabbitmq.conf */
export function privateRabbitmq(interruption: AbortSignal, settings = ''): Promise<GuardedAttempt> {
  const files = { 'rabbitmq.conf': settings };
  return ownServer({ server: 'rabbitmq', way: 'private', settings: files }, interruption);
}
