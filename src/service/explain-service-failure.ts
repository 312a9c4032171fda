import { LiveWorkerError } from '../errors.ts';
import type { ServiceDescription } from './service.ts';

/** A service that kept a worker from being launched. */
export interface ServiceTrouble {
  readonly worker: string;
  readonly service: ServiceDescription;
  /** What it answered, with its address and user. */
  readonly why: string;
  /** Where its URL comes from: `RABBITMQ_URL, set in .env:3`. */
  readonly source: string;
}

/** The first trouble leads. @param waitedMs undefined where waiting does not help */
export function explainServiceFailure(
  [first, ...others]: readonly [ServiceTrouble, ...ServiceTrouble[]],
  waitedMs?: number,
): LiveWorkerError {
  const { worker, service, why, source } = first;
  const reasons = [first, ...others].map(trouble => trouble.why).join('; ');
  const lines = [
    `Cannot start worker "${worker}": ${reasons}${waitedMs === undefined ? '' : `, for ${waitedMs} ms`}`,
    `cause:  its URL comes from ${source}`,
    `change: ${advise(service, why, variablesOf(source))}`,
  ];
  return new LiveWorkerError('SERVICE_UNAVAILABLE', lines.join('\n'), {
    details: { worker, why: reasons, source },
  });
}

/** The first says where the server is, the others what it does not say. */
function variablesOf(source: string): readonly string[] {
  const names = source.split('; with ').map(part => part.split(',', 1)[0] ?? part);
  return names.length > 1 && names[0] === 'the PG* variables' ? names.slice(1) : names;
}

function advise(service: ServiceDescription, why: string, variables: readonly string[]): string {
  const [variable = ''] = variables;
  if (/ECONNREFUSED|ENOENT/.test(why))
    return `start ${service.title} there (${service.startCommand}), or correct ${variable}`;
  if (/refused the login/.test(why))
    return `correct the user and the password in ${variables.filter(isForLogin).join(', ') || variable}, or create that user`;
  const special = service.advise(why, variables);
  if (special !== undefined) return special;
  if (/ENOTFOUND|EAI_AGAIN/.test(why)) {
    return `correct the host in ${variable}: the service names of Docker Compose exist only inside of its network`;
  }
  if (/is this an? \w+ port/.test(why)) return `correct the port in ${variable}`;
  return `look at the log of ${service.title}, or correct ${variable}`;
}

function isForLogin(variable: string): boolean {
  return !variable.startsWith('PG') || /USER|PASS|SERVICE/.test(variable);
}
