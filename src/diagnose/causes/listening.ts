import { isIP } from 'node:net';
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
  const { target, why } = unmet;
  if (listening.some(endpoint => covers(endpoint, target, isRefused(why)))) return undefined;
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

/** Rather than taken and left without an answer. */
function isRefused(why: string): boolean {
  return !why.startsWith('no answer within');
}

/**
 * A name such as `localhost` may stand for one family only, and then an address of the other is refused; `::` that does not
 * answer for 127.0.0.1 is for IPv6 alone.
 */
function covers(listening: Endpoint, asked: Endpoint, refused: boolean): boolean {
  if (listening.port !== asked.port) return false;
  const family = isIP(asked.host);
  if (family === 0) return !refused || /^(?:0\.0\.0\.0|::)$/.test(listening.host);
  return listening.host === asked.host || listening.host === (family === 4 ? '0.0.0.0' : '::');
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
  const isIpv6 = isIP(reachable) === 6;
  const wanted = isIP(asked.host) > 0 ? asked.host : isIpv6 ? '127.0.0.1' : '::1';
  return `ask ${isIpv6 ? `[${reachable}]` : reachable} in the probe, or make the worker listen on ${wanted}: what "localhost" stands for differs`;
}

function adviseOnPort({ variables }: Evidence): string {
  const port = variables.find(({ name }) => /PORT$/.test(name));
  return `correct the port in the probe, or the setting the worker reads; ports: ['${port?.name ?? 'NAME_OF_ITS_PORT_VARIABLE'}'] gives both the same one`;
}
