import { LiveWorkerError } from '../errors.ts';

/** A service that kept a worker from being launched. */
export interface ServiceTrouble {
  readonly worker: string;
  readonly kind: 'rabbitmq' | 'postgres';
  /** What it answered, with its address and user. */
  readonly why: string;
  /** Where its URL comes from: `RABBITMQ_URL, set in .env:3`. */
  readonly source: string;
}

export function explainServiceFailure(
  troubles: readonly ServiceTrouble[],
  waitedMs?: number,
): LiveWorkerError {
  const [{ worker, kind, why, source } = { worker: '', kind: 'rabbitmq' as const, why: '', source: '' }] =
    troubles;
  const reasons = troubles.map(trouble => trouble.why).join('; ');
  const lines = [
    `Cannot start worker "${worker}": ${reasons}${waitedMs === undefined ? '' : `, for ${waitedMs} ms`}`,
    `cause:  its URL comes from ${source}`,
    `change: ${advise(kind, why, variablesOf(source))}`,
  ];
  return new LiveWorkerError('SERVICE_UNAVAILABLE', lines.join('\n'), {
    details: { worker, why: reasons, source },
  });
}

const starts = {
  rabbitmq: 'docker run -d -p 5672:5672 rabbitmq:4',
  postgres: 'docker run -d -p 5432:5432 -e POSTGRES_PASSWORD=postgres postgres:17',
};
const names = { rabbitmq: 'RabbitMQ', postgres: 'Postgres' };

function isForLogin(variable: string): boolean {
  return !variable.startsWith('PG') || /USER|PASS|SERVICE/.test(variable);
}

function isForTls(variable: string): boolean {
  return !variable.startsWith('PG') || /SSL|SERVICE|HOST/.test(variable);
}

/** The first says where the server is, the others what it does not say. */
function variablesOf(source: string): readonly string[] {
  const names = source.split('; with ').map(piece => piece.split(',', 1)[0] ?? piece);
  return names.length > 1 && names[0] === 'the PG* variables' ? names.slice(1) : names;
}

function advise(kind: 'rabbitmq' | 'postgres', why: string, variables: readonly string[]): string {
  const [variable = ''] = variables;
  if (/ECONNREFUSED|ENOENT/.test(why))
    return `start ${names[kind]} there (${starts[kind]}), or correct ${variable}`;
  if (/refused the login/.test(why))
    return `correct the user and the password in ${variables.filter(isForLogin).join(', ') || variable}, or create that user`;
  if (kind === 'postgres' && /^TLS with|of sslrootcert|support SSL/.test(why))
    return `name the authority that signed its certificate in sslrootcert or PGSSLROOTCERT, or take another sslmode, in ${variables.filter(isForTls).join(', ')}: "require" does not look at the certificate`;
  if (kind === 'rabbitmq' && /^TLS with .*(SELF_SIGNED|UNABLE_TO|DEPTH_ZERO)/.test(why))
    return `name the authority that signed its certificate: ?cacertfile=ca.pem in ${variable}, or NODE_EXTRA_CA_CERTS or SSL_CERT_FILE in the worker's env`;
  if (kind === 'rabbitmq' && /ERR_TLS_CERT_ALTNAME_INVALID/.test(why))
    return `take a host its certificate is for, or name one: ?server_name_indication=HOST in ${variable}`;
  if (/max-connections/.test(why))
    return `close other connections, raise that limit with rabbitmqctl, or correct ${variable}`;
  if (/\(530\): the user has no permission/.test(why))
    return `rabbitmqctl set_permissions for that user on that vhost, or correct ${variable}`;
  if (/refused vhost/.test(why))
    return `rabbitmqctl add_vhost and set_permissions for it, or correct the path of ${variable}`;
  if (/has no database/.test(why))
    return `createdb it and run the migrations, or correct the path of ${variable}`;
  if (/ENOTFOUND|EAI_AGAIN/.test(why)) {
    return `correct the host in ${variable}: the service names of Docker Compose exist only inside of its network`;
  }
  if (/is this an? \w+ port/.test(why)) return `correct the port in ${variable}`;
  return `look at the log of ${names[kind]}, or correct ${variable}`;
}
