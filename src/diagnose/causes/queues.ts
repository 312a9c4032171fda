import type { Cause } from '../cause.ts';
import { describeEndpoint, describeService, leadsTo, variableFor } from '../endpoints.ts';
import type { Evidence, ExpectedService, QueueElsewhere } from '../evidence.ts';
import { describeVariable, testOnlyVariables } from './environment.ts';
import { tapBypassed } from './tap.ts';

/** A timeout, and no socket of the worker's processes leads to a broker that a probe expects. */
export function notConnected(evidence: Evidence): Cause | undefined {
  const broker = brokerWithoutConnection(evidence);
  if (!broker || strangePeers(evidence).length > 0) return undefined;
  const what = `it is alive, but has no connection to ${describeService(broker)} (${broker.source})`;
  const suspects = testOnlyVariables(evidence);
  if (suspects.length === 0) {
    return {
      text: what,
      change: ['check which setting makes it use that broker, and what it does before it connects'],
    };
  }
  const names = suspects.map(({ name }) => `${name}: null`).join(', ');
  return {
    text: [
      what,
      `${suspects.length === 1 ? 'A variable that looks' : 'Variables that look'} test-only may keep it on a stub: ${suspects.map(describeVariable).join(', ')}`,
    ].join('\n'),
    change: [`take it away from the worker: env: { ${names} }`],
  };
}

/** The same, but it is connected to something no probe expects. */
export function connectedElsewhere(evidence: Evidence): Cause | undefined {
  const broker = brokerWithoutConnection(evidence);
  const [peer, ...more] = strangePeers(evidence);
  if (!broker || !peer || tapBypassed(evidence)) return undefined;
  const variable = variableFor(peer, evidence.variables);
  const others = more.length === 0 ? '' : ` and ${more.map(describeEndpoint).join(', ')}`;
  return {
    text: [
      `it is connected to ${describeEndpoint(peer)}${others}, but the probe expects ${describeService(broker)}`,
      variable
        ? `Its address comes from ${variable.name}, ${variable.origin}; the probe's from ${broker.source}`
        : `None of its variables names that address: a default in its code; the probe's comes from ${broker.source}`,
    ].join('\n'),
    change: ["set both to the same broker: the variable the worker reads, or the probe's url: '${NAME}'"],
  };
}

/** It has reached the broker, but a queue that should have its consumer has none. */
export function consumesElsewhere(evidence: Evidence): Cause | undefined {
  const { failure, peers, services } = evidence;
  if (failure.kind !== 'timeout' || !peers || isUnasked(evidence)) return undefined;
  // A tap knows it exactly.
  if (evidence.tap?.legs.some(({ brokers }) => brokers.length > 0)) return undefined;
  const broker = services.find(
    service => peers.some(peer => leadsTo(service, peer)) && unserved(service, evidence).length > 0,
  );
  if (!broker) return undefined;
  const missing = unserved(broker, evidence);
  const elsewhere = evidence.elsewhere.filter(({ queue }) => missing.includes(queue));
  if (elsewhere.length > 0) return otherVhost(elsewhere, broker, evidence);
  return {
    text: [
      `it is connected to ${describeService(broker)}, but does not consume from ${missing.map(quote).join(', ')}: 0 consumers`,
      ...describeOthers(missing, evidence),
    ].join('\n'),
    change: ['correct the queue in its command or variables, or in the probe'],
  };
}

/** A machine with too much to do may not get to ask a single probe before the deadline. */
function isUnasked({ probes }: Evidence): boolean {
  return probes.some(({ answer, target }) => answer === undefined && target?.kind === 'service');
}

/** The right broker, and the right queue in a vhost where no probe looks for it. */
function otherVhost(
  found: readonly QueueElsewhere[],
  broker: ExpectedService,
  { variables }: Evidence,
): Cause {
  const [{ vhost = '', probedVhost = '', variable = undefined } = {}] = found;
  const queues = found.filter(one => one.vhost === vhost).map(({ queue }) => quote(queue));
  const origin = variables.find(({ name }) => name === variable)?.origin;
  const from =
    variable === undefined
      ? `"${vhost}" is what clients take that are told of none`
      : `"${vhost}" comes from ${variable}${origin === undefined ? '' : `, ${origin}`}`;
  return {
    text: [
      `the worker consumes ${queues.join(', ')} in vhost "${vhost}", the probe looks in vhost "${probedVhost}"`,
      `Both are of ${describeService(broker)}: ${from}; the probe's comes from ${broker.source}`,
    ].join('\n'),
    change: ["set both to the same vhost: the variable the worker reads, or the probe's url: '${NAME}'"],
  };
}

function describeOthers(
  missing: readonly string[],
  { queues, variables, consumedQueues = [] }: Evidence,
): readonly string[] {
  const served = queues.filter(({ queue, consumers }) => consumers > 0 && !missing.includes(queue));
  const named = variables.filter(({ name, value }) => /QUEUE/i.test(name) && value !== '');
  const elsewhere = served.map(({ queue, consumers }) => `${quote(queue)} has ${consumers}`).join(', ');
  return [
    describeServed(consumedQueues, elsewhere),
    ...(named.length === 0
      ? []
      : [`Its variables about queues: ${named.slice(0, 4).map(describeVariable).join(', ')}`]),
  ];
}

function describeServed(consumedQueues: readonly string[], elsewhere: string): string {
  if (consumedQueues.length > 0)
    return `By the broker's management API it consumes from ${consumedQueues.map(quote).join(', ')}`;
  return elsewhere === ''
    ? 'Which queues it does consume from, only the management plugin of the broker could tell'
    : `Of the queues this test file names, ${elsewhere}`;
}

function unserved({ queues }: ExpectedService, evidence: Evidence): readonly string[] {
  return queues.filter(queue => (evidence.queues.find(count => count.queue === queue)?.consumers ?? 0) === 0);
}

function brokerWithoutConnection({ failure, peers, services }: Evidence): ExpectedService | undefined {
  if (failure.kind !== 'timeout' || !peers) return undefined;
  return services.find(service => service.role === 'broker' && !peers.some(peer => leadsTo(service, peer)));
}

/** A connection to a database, a cache or a website says nothing about the broker. */
const otherPorts = new Set([80, 443, 1433, 3306, 5432, 6379, 9092, 9200, 11211, 27017]);

function strangePeers({ peers = [], services }: Evidence): NonNullable<Evidence['peers']> {
  return peers.filter(
    peer => !otherPorts.has(peer.port) && !services.some(service => leadsTo(service, peer)),
  );
}

function quote(queue: string): string {
  return `"${queue}"`;
}
