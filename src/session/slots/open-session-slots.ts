import type { SessionOptions } from '../session-options.ts';
import { SessionSlots, type SessionSlotsOptions } from './session-slots.ts';

type Surroundings = Pick<
  SessionSlotsOptions,
  'testFile' | 'servers' | 'secrets' | 'timeline' | 'createServices' | 'ending' | 'onLost'
>;

/** What the file is to have for itself alone; undefined where it shares all with others. */
export function sessionSlots(
  {
    spec,
    openSlots,
    rootDir,
    testEnv = () => ({}),
    earlySetupFiles = [],
    serviceKinds,
    defined,
  }: SessionOptions,
  surroundings: Surroundings,
): SessionSlots | undefined {
  if (!spec.isolate || !openSlots) return undefined;
  return new SessionSlots({
    ...surroundings,
    isolate: spec.isolate,
    rootDir,
    testEnv,
    earlySetupFiles,
    hasAllWorkers: spec.workers.length === defined.length,
    kinds: serviceKinds,
    openSlots,
  });
}
