import { classifyNetworkError, type ServiceFailure } from '../../probe/service-failure.ts';
import { UnusableUrl } from '../unusable-url.ts';
import { type DatabaseAddress, describeDatabase } from './database-address.ts';

/**
 * Says what an error of pg means, by its SQLSTATE.
 *
 * Source: PostgreSQL manual, appendix A, and what was seen of each code during start, recovery and shutdown.
 */
export function classifyDatabaseError(error: unknown, address: DatabaseAddress): ServiceFailure {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const place = `${address.host}:${address.port}`;
  const network = classifyNetworkError(error, place);
  if (network) return network;
  const text = String(message ?? error);
  if (error instanceof UnusableUrl) return { why: `${describeDatabase(address)}: ${text}`, passes: false };
  switch (code) {
    case '28P01':
    case '28000':
    case '08004':
      return {
        why: `Postgres at ${place} refused the login of user "${address.user}" (${code}): ${text}`,
        passes: false,
      };
    case '3D000':
      return { why: `Postgres at ${place} has no database "${address.database}" (3D000)`, passes: false };
    case '53300':
      return {
        why: `Postgres at ${place} has no connection left (53300): ${text}`,
        passes: 5_000,
        restMs: 250,
      };
    case '57P03':
      return {
        why: `Postgres at ${place} is starting up, recovering or shutting down (57P03): ${text}`,
        passes: true,
      };
    default:
      return { why: describeOther(code, text, address), passes: passesByItself(code, text) };
  }
}

function describeOther(code: unknown, text: string, address: DatabaseAddress): string {
  if (/timeout expired|Connection terminated due to connection timeout/.test(text)) {
    return `${address.host}:${address.port} accepts connections but does not answer: is this a Postgres port?`;
  }
  return `${describeDatabase(address)}: ${text}${typeof code === 'string' ? ` (${code})` : ''}`;
}

/** Classes 08, 40, 53 and 57 pass, save for disk full and a dropped database; so does what has no code: a lost connection. */
function passesByItself(code: unknown, text: string): boolean {
  if (typeof code !== 'string') return !/password must be a string|does not support SSL/.test(text);
  if (code === '53100' || code === '57P04' || code === '08P01') return false;
  return /^(08|40|53|57)/.test(code) || code === 'XX000';
}
