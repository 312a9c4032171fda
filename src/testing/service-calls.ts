import type { Packed, ServiceChoice } from '../session/contract.ts';
import { sessionBridge } from './session-bridge.ts';
import { unpack } from './unpack.ts';

/** Asks a service for one of its operations. */
export type ServiceCall<Operations> = <Name extends keyof Operations & string>(
  name: Name,
  ...words: Words<Operations[Name]>
) => Promise<Packed<Answer<Operations[Name]>>>;

type Words<Operation> = Operation extends (...words: infer W) => unknown ? W : never;
type Answer<Operation> = Operation extends (...words: never[]) => Promise<infer A> ? A : never;

/**
 * The service of a kind that this file's workers use, that one of them uses, or the one at a URL.
 *
 * @param fixture whose caller an error points at
 * @throws ENV_MISSING, OPTIONS_INVALID, WORKER_UNKNOWN; NOT_IN_ENVIRONMENT
 */
export function openService<Operations>(
  kind: string,
  choice: ServiceChoice,
  fixture: (choice?: ServiceChoice) => unknown,
): { readonly url: string; readonly call: ServiceCall<Operations> } {
  const bridge = sessionBridge();
  const url = unpack(bridge.serviceUrl(kind, { ...choice }), fixture);
  return {
    url,
    call: (name, ...words) => bridge.callService(kind, url, name, words) as Promise<Packed<never>>,
  };
}
