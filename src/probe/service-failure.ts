import { fatal, type ProbeAnswer, pending } from './probe.ts';

/** Why a service did not answer, and whether it may do so later. */
export interface ServiceFailure {
  readonly why: string;
  /** False: waiting does not help. A number: it stops helping after so many milliseconds. */
  readonly passes: boolean | number;
  /** Asking costs it what it has too little of; see {@link PendingLimits}. */
  readonly restMs?: number;
}

const passing = (why: string, passes: boolean | number = true): ServiceFailure => ({ why, passes });
const final = (why: string): ServiceFailure => ({ why, passes: false });

/**
 * Judges what the network said before the service could say anything, or answers undefined when the error is the
 * service's own. Two families of addresses give an AggregateError with an empty message.
 */
export function classifyNetworkError(error: unknown, address: string): ServiceFailure | undefined {
  const { code, errors } = error as { readonly code?: unknown; readonly errors?: readonly unknown[] };
  if (typeof code !== 'string') return undefined;
  if (errors?.length) return classifyNetworkError(errors[0], address);
  if (/^(CERT_|DEPTH_ZERO_|ERR_OSSL_|ERR_TLS_|ERR_SSL_|SELF_SIGNED_|UNABLE_TO_)/.test(code)) {
    return final(`TLS with ${address} failed (${code})`);
  }
  switch (code) {
    case 'ECONNREFUSED':
      return passing(`nothing listens on ${address} (ECONNREFUSED)`);
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ECONNABORTED':
      return passing(`${address} closed the connection (${code})`);
    case 'ETIMEDOUT':
      return passing(`${address} does not answer (ETIMEDOUT)`);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return passing(`${address} cannot be reached (${code})`, 5_000);
    case 'EAI_AGAIN':
      return passing(`the name of ${address} cannot be resolved yet (EAI_AGAIN)`);
    case 'ENOTFOUND':
      return passing(`the name of ${address} does not exist (ENOTFOUND)`, 2_000);
    case 'ENOENT':
      return passing(`there is no socket at ${address} (ENOENT)`);
    default:
      return undefined;
  }
}

export function fromFailure({ why, passes, restMs }: ServiceFailure): ProbeAnswer {
  if (passes === false) return fatal(why);
  const rest = restMs === undefined ? {} : { restMs };
  return pending(why, passes === true ? rest : { hopelessAfterMs: passes, ...rest });
}
