import { LiveWorkerError } from '../errors.ts';
import { bridgeKey, type SessionBridge } from '../session/contract.ts';

/** @throws NOT_IN_ENVIRONMENT when no live-worker environment runs this file. */
export function sessionBridge(): SessionBridge {
  const bridge = (globalThis as { readonly [bridgeKey]?: SessionBridge })[bridgeKey];
  if (bridge) return bridge;
  throw new LiveWorkerError(
    'NOT_IN_ENVIRONMENT',
    "This file does not run in the live-worker environment\nSet testEnvironment: 'live-worker' in the Jest configuration, or the docblock @jest-environment live-worker in the file",
  );
}
