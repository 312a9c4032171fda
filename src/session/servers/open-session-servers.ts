import type { SessionOptions } from '../session-options.ts';
import { SessionServers, type SessionServersOptions } from './session-servers.ts';

type Surroundings = Pick<SessionServersOptions, 'testFile' | 'secrets' | 'timeline' | 'onLost'>;

/** The servers of the run that the file uses; undefined where its workers' variables say where all of them are. */
export function sessionServers(
  { spec, openServers, rootDir, testEnv = () => ({}), earlySetupFiles = [], serviceKinds }: SessionOptions,
  surroundings: Surroundings,
): SessionServers | undefined {
  if (!openServers || Object.values(spec.services).every(source => source === 'found')) return undefined;
  return new SessionServers({
    ...surroundings,
    services: spec.services,
    isIsolated: spec.isolate !== undefined,
    rootDir,
    testEnv,
    earlySetupFiles,
    kinds: serviceKinds,
    openServers,
  });
}
