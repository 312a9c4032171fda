import type { Cause } from '../cause.ts';
import { describeEndpoint, isSame, variableFor } from '../endpoints.ts';
import type { Evidence, EvidenceLeg, EvidenceTap, ExpectedService } from '../evidence.ts';

const titles = { amqp: 'RabbitMQ', postgres: 'Postgres' } as const;
/** Of a text that the worker wrote itself, how much has to be the same. */
const recognised = 40;
/** Of a worker that is gone only what came shortly before can be why; milliseconds. */
const shortlyMs = 2_000;
/** Where brokers listen by default, with and without TLS. */
const brokerPorts = [5671, 5672];

/** Its variables lead to the tap, and it is connected elsewhere: it reads others. */
export function tapBypassed(evidence: Evidence): Cause | undefined {
  const { tap, failure } = evidence;
  if (!tap || (failure.kind !== 'timeout' && failure.kind !== 'probe-fatal')) return undefined;
  const found = expectedLegs(evidence)
    .filter(({ leg }) => leg.arrivals === 0)
    .map(({ leg, service }) => ({ leg, service, peer: peerPast(tap, service) }))
    .find(({ peer }) => peer !== undefined);
  if (!found?.peer) return undefined;
  const { leg, service, peer } = found;
  const led = new Set(tap.legs.flatMap(({ variables }) => variables));
  const variable = variableFor(
    peer,
    evidence.variables.filter(({ name }) => !led.has(name)),
  );
  const source = variable
    ? `That address comes from ${variable.name}, ${variable.origin}`
    : 'None of its other variables names that address: a default in its code, or a file it reads';
  return {
    code: 'TAP_BYPASSED',
    text: [
      `it is connected to ${describeEndpoint(peer)} itself, and has not come to its tap at ${describeEndpoint(leg.entrance)}, where ${leg.variables.join(', ')} leads it`,
      source,
      `The tap stands before ${service.title} at ${leg.service}`,
    ].join('\n'),
    change: [
      variable
        ? `let it take the URL from ${leg.variables[0]}, or put a whole URL into ${variable.name}; tap: false goes without`
        : `let it take the URL from ${leg.variables[0]}; tap: false goes without`,
    ],
  };
}

/** What a service answered on the wire that the worker kept to itself. */
export function toldOnWire(evidence: Evidence): Cause | undefined {
  const { tap, failure, output } = evidence;
  if (!tap || failure.kind === 'spawn-failed') return undefined;
  const isGone = failure.kind === 'exited' || failure.kind === 'died';
  const written = [...output.stdout, ...output.stderr];
  const refusal = tap.refusals.findLast(
    ({ text, agoMs }) =>
      text !== '' &&
      !(isGone && agoMs > shortlyMs) &&
      !written.some(line => line.includes(text.slice(0, recognised))),
  );
  if (!refusal) return undefined;
  const { protocol, service, code, text, statement } = refusal;
  return {
    text: [
      `${titles[protocol]} at ${service} answered it with ${code}: ${text}`,
      ...(statement === undefined ? [] : [`The statement: ${statement}`]),
    ].join('\n'),
    change: [
      protocol === 'amqp'
        ? 'correct what it asks the broker for, or what is there'
        : 'correct the statement, the login or what is in the database',
    ],
  };
}

/** It consumes, by its own connections, and not where the probe looks. */
export function consumesOnWire(evidence: Evidence): Cause | undefined {
  return seenOnWire(evidence, leg => leg.brokers.some(({ queues }) => queues.length > 0));
}

/** It is on the broker, and consumes nothing. */
export function idleOnWire(evidence: Evidence): Cause | undefined {
  return seenOnWire(evidence, leg => leg.brokers.every(({ queues }) => queues.length === 0));
}

function seenOnWire(evidence: Evidence, isMeant: (leg: EvidenceLeg) => boolean): Cause | undefined {
  const { failure, tap } = evidence;
  if (failure.kind !== 'timeout' || !tap) return undefined;
  const [found] = expectedLegs(evidence).filter(({ leg }) => leg.brokers.length > 0 && isMeant(leg));
  if (!found) return undefined;
  const { leg, service } = found;
  const missing = service.queues.filter(queue => !isConsumed(queue, leg, service));
  if (missing.length === 0) return undefined;
  const theirs = [...new Set(leg.brokers.map(describeBroker))];
  const wanted = missing.map(queue => `"${queue}"`).join(', ');
  return {
    text: [
      `on ${service.title} at ${leg.service} the probe waits for a consumer of ${wanted}${placeOf(service)}`,
      ...theirs.slice(0, 4).map(one => `The worker ${one}`),
      `The probe's URL comes from ${service.source}; the worker came by ${leg.variables.join(', ')}`,
    ].join('\n'),
    change: [changeFor(missing, leg, service)],
  };
}

interface ExpectedLeg {
  readonly leg: EvidenceLeg;
  readonly service: ExpectedService;
}

/** The legs that lead where probes look for a consumer. */
function expectedLegs({ tap, services }: Evidence): readonly ExpectedLeg[] {
  return services.flatMap(service => {
    const leg = tap?.legs.find(({ endpoint }) => endpoint && isSame(endpoint, service.endpoint));
    return leg && service.role === 'broker' ? [{ leg, service }] : [];
  });
}

function peerPast({ direct = [] }: EvidenceTap, service: ExpectedService) {
  const same = direct.find(peer => peer.port === service.endpoint.port);
  return same ?? direct.find(({ port }) => brokerPorts.includes(port));
}

function isConsumed(queue: string, { brokers }: EvidenceLeg, { vhost }: ExpectedService): boolean {
  return brokers.some(one => one.vhost === vhost && one.queues.includes(queue));
}

function placeOf({ vhost, user }: ExpectedService): string {
  if (vhost === undefined) return '';
  return ` in vhost "${vhost}", as user "${user}"`;
}

function describeBroker({ user, vhost, queues }: EvidenceLeg['brokers'][number]): string {
  const names = [...new Set(queues)].map(queue => `"${queue}"`);
  const what = names.length === 0 ? 'is connected and consumes nothing' : `consumes ${names.join(', ')}`;
  return `${what} in vhost "${vhost}", as user "${user}"`;
}

function changeFor(missing: readonly string[], { brokers }: EvidenceLeg, { vhost }: ExpectedService): string {
  const isElsewhere = brokers.some(
    one => one.vhost !== vhost && missing.some(queue => one.queues.includes(queue)),
  );
  if (isElsewhere || brokers.every(one => one.vhost !== vhost))
    return "set both to the same vhost: the variable the worker reads, or the probe's url: '${NAME}'";
  return 'correct the queue in its command or variables, or in the probe';
}
