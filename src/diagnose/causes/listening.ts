import type { Endpoint } from '../../process/table/read-sockets.ts';
import type { Cause } from '../cause.ts';
import { describeEndpoint } from '../endpoints.ts';
import type { Evidence } from '../evidence.ts';
import { unmetTargets } from '../unmet-probes.ts';
import { describeVariable } from './environment.ts';

const mostShown = 4;

/** The worker listens, but not where a `tcp` or `http` probe asks; or nowhere. */
export function listensElsewhere(evidence: Evidence): Cause | undefined {
  const { listening } = evidence;
  const unmet = unmetTargets(evidence, 'tcp', 'http').find(({ why }) => unanswered.test(why));
  if (!unmet || !listening) return undefined;
  const { target } = unmet;
  if (listening.some(endpoint => covers(endpoint, target))) return undefined;
  const asked = `the probe asks ${describeEndpoint(target)}`;
  if (listening.length === 0) return listensNowhere(asked, target, evidence);
  const samePort = listening.filter(({ port }) => port === target.port);
  const shown = (samePort.length > 0 ? samePort : listening).slice(0, mostShown);
  const where = shown.map(describeEndpoint).join(' and ');
  return {
    text: [`it listens on ${where}, ${asked}`, ...describeVariables([...shown, target], evidence)].join('\n'),
    change: [samePort.length > 0 ? adviseOnHost(shown[0] as Endpoint, target) : adviseOnPort(evidence)],
  };
}

/** What is asked is refused, or silent. */
const unanswered = /^(?:no answer|nothing listens on )/;

function listensNowhere(asked: string, { host }: Endpoint, { tree }: Evidence): Cause | undefined {
  if (tree.length === 0 || !isOfThisMachine(host)) return undefined;
  return {
    text: `none of its processes listens on a port; ${asked}`,
    change: ['look at what it does before it listens, and which setting makes it listen'],
  };
}

/** A probe of `localhost` tries both families; `::` that does not answer for 127.0.0.1 is for IPv6 alone. */
function covers(listening: Endpoint, asked: Endpoint): boolean {
  if (listening.port !== asked.port) return false;
  const isIpv4 = /^\d+(?:\.\d+){3}$/.test(asked.host);
  const isIpv6 = asked.host.includes(':');
  if (!isIpv4 && !isIpv6) return true;
  return listening.host === asked.host || listening.host === (isIpv4 ? '0.0.0.0' : '::');
}

function isOfThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function describeVariables(endpoints: readonly Endpoint[], { variables }: Evidence): readonly string[] {
  const ports = new Set(endpoints.map(({ port }) => String(port)));
  const named = variables.filter(({ name, value }) => /PORT/.test(name) && ports.has(value));
  return named.length === 0
    ? []
    : [`Its variables with these ports: ${named.slice(0, mostShown).map(describeVariable).join(', ')}`];
}

function adviseOnHost({ host }: Endpoint, asked: Endpoint): string {
  const reachable = host === '::' ? '::1' : host;
  return `ask ${reachable.includes(':') ? `[${reachable}]` : reachable} in the probe, or make the worker listen on ${asked.host}: what "localhost" stands for differs`;
}

function adviseOnPort({ variables }: Evidence): string {
  const port = variables.find(({ name }) => /PORT$/.test(name));
  return `correct the port in the probe, or the setting the worker reads; ports: ['${port?.name ?? 'NAME_OF_ITS_PORT_VARIABLE'}'] gives both the same one`;
}
