import type { QueueElsewhere } from '../../diagnose/evidence.ts';
import type { LaunchPlan } from '../../launch/plan.ts';
import { type BrokerTarget, isBrokerUrl, parseBrokerTarget } from '../../probe/rabbitmq/broker-address.ts';
import { BrokerConnection } from '../../probe/rabbitmq/broker-connection.ts';
import { tlsFilesOf } from '../../probe/rabbitmq/tls-options.ts';

const limitMs = 500;
const mostVhosts = 5;

/** A vhost the worker may be in. */
interface Place {
  readonly vhost: string;
  readonly url: string;
  /** The variable that names it; undefined for the default of clients. */
  readonly variable: string | undefined;
}

/**
 * Looks for consumers of queues in other vhosts of the same broker: those that variables or arguments of the worker name,
 * and the default one. What is not found within 500 ms is not looked for.
 */
export async function lookInVhosts(
  url: string,
  queues: readonly string[],
  plan: Pick<LaunchPlan, 'env' | 'args' | 'cwd'>,
): Promise<readonly QueueElsewhere[]> {
  const probed = parseBrokerTarget(url);
  const places = [...placesNamed(url, plan).values()].filter(({ vhost }) => vhost !== probed.vhost);
  const looks = places.slice(0, mostVhosts).map(async place => {
    const connection = new BrokerConnection(place.url, 'live-worker looks for queues', {
      tls: tlsFilesOf(plan.env, plan.cwd),
    });
    const timer = setTimeout(() => void connection.close(), limitMs);
    try {
      const found: QueueElsewhere[] = [];
      for (const queue of queues) {
        const answer = await connection.checkQueue(queue);
        if (answer.kind !== 'counted' || answer.consumers === 0) continue;
        const { vhost, variable } = place;
        found.push({ queue, consumers: answer.consumers, vhost, variable, probedVhost: probed.vhost });
      }
      return found;
    } catch {
      return [];
    } finally {
      clearTimeout(timer);
      await connection.close();
    }
  });
  return (await Promise.all(looks)).flat();
}

/** By vhost; what names a vhost first counts. */
function placesNamed(
  url: string,
  { env, args }: Pick<LaunchPlan, 'env' | 'args'>,
): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const add = (place: Place) => places.has(place.vhost) || places.set(place.vhost, place);
  const probed = parseBrokerTarget(url);
  for (const [variable, value] of Object.entries(env)) {
    const target = targetOf(value);
    if (target && isSameBroker(target, probed)) add({ vhost: target.vhost, url: value, variable });
    else if (/V(IRTUAL_?)?HOST$/i.test(variable) && value !== '')
      add({ vhost: value, url: withVhost(probed, value), variable });
  }
  for (const value of args.flatMap(arg => arg.split('='))) {
    const target = targetOf(value);
    if (target && isSameBroker(target, probed))
      add({ vhost: target.vhost, url: value, variable: 'its command line' });
  }
  add({ vhost: '/', url: withVhost(probed, '/'), variable: undefined });
  return places;
}

function targetOf(value: string): BrokerTarget | undefined {
  try {
    return isBrokerUrl(value) ? parseBrokerTarget(value) : undefined;
  } catch {
    return undefined;
  }
}

function isSameBroker(one: BrokerTarget, other: BrokerTarget): boolean {
  const isLocal = ({ host }: BrokerTarget) => /^(localhost|::1|127\..*)$/.test(host);
  return one.port === other.port && (one.host === other.host || (isLocal(one) && isLocal(other)));
}

function withVhost({ isTls, user, password, host, port, query }: BrokerTarget, vhost: string): string {
  const [name, secret, path] = [user, password, vhost].map(encodeURIComponent);
  const place = host.includes(':') ? `[${host}]` : host;
  return `${isTls ? 'amqps' : 'amqp'}://${name}:${secret}@${place}:${port}/${path}?${query}`;
}
