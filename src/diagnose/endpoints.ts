import type { Endpoint } from '../process/table/read-sockets.ts';
import type { EvidenceVariable, ExpectedService } from './evidence.ts';

const defaultPorts: Readonly<Record<string, number>> = {
  amqp: 5672,
  amqps: 5671,
  postgres: 5432,
  postgresql: 5432,
  redis: 6379,
};

export function describeService({ title, endpoint }: ExpectedService): string {
  return `${title} at ${describeEndpoint(endpoint)}`;
}

export function describeEndpoint({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** True when a connection to the peer may be one to the service. */
export function leadsTo({ endpoint, addresses }: ExpectedService, peer: Endpoint): boolean {
  if (peer.port !== endpoint.port) return false;
  const hosts = [endpoint.host, ...addresses];
  return (
    addresses.length === 0 || hosts.includes(peer.host) || (isLoopback(peer.host) && hosts.some(isLoopback))
  );
}

/** The variable whose URL, or whose port, leads to an endpoint. */
export function variableFor(
  endpoint: Endpoint,
  variables: readonly EvidenceVariable[],
): EvidenceVariable | undefined {
  return (
    variables.find(({ value }) => isSame(endpointOf(value), endpoint)) ??
    variables.find(({ name, value }) => /PORT$/.test(name) && value === String(endpoint.port))
  );
}

function endpointOf(value: string): Endpoint | undefined {
  const [, scheme = '', host = '', port] =
    /^(?:([a-z][\w+.-]*):\/\/(?:[^/]*@)?)?(\[[\da-f:]+\]|[\w.-]+)(?::(\d{2,5}))?(?:[/?,;]|$)/i.exec(value) ??
    [];
  const number = Number(port ?? defaultPorts[scheme.split('+')[0] ?? '']);
  return host === '' || Number.isNaN(number)
    ? undefined
    : { host: host.replace(/^\[|\]$/g, ''), port: number };
}

/** True for the same port of the same host, under any name of this machine. */
export function isSame(one: Endpoint | undefined, other: Endpoint): boolean {
  return (
    one?.port === other.port && (one.host === other.host || (isLoopback(one.host) && isLoopback(other.host)))
  );
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
