import { brokerFixtures } from '../service/rabbitmq/fixtures/broker-fixtures.ts';
import { carry, carrySync } from './carry.ts';
import { chooseBroker, chooseDatabase } from './choose-service.ts';
import type { ServiceChoice, SessionBridge } from './contract.ts';
import { queryInTest } from './query-in-test.ts';
import type { TestFileSession } from './test-file-session.ts';

type ServicePart = Pick<
  SessionBridge,
  'brokerUrl' | 'publish' | 'getMessage' | 'purgeQueue' | 'queueDepth' | 'databaseUrl' | 'query'
>;

/** The part of the bridge that talks to RabbitMQ and Postgres. */
export function serviceBridge(session: TestFileSession): ServicePart {
  const { secrets } = session;
  const broker = (url: string) =>
    brokerFixtures(session.services.broker(url), () => session.clock.timeLeftMs());
  const noted = (choice: ServiceChoice) => {
    secrets.note([['url', choice.url ?? '']]);
    return choice;
  };
  return {
    brokerUrl: choice => carrySync(secrets, () => chooseBroker(session, noted(choice))),
    publish: (url, target, content, options) =>
      carry(secrets, async () => {
        await broker(url).publish(target, content, options, knownQueues(session));
        return null;
      }),
    getMessage: (url, queue) => carry(secrets, () => broker(url).get(queue)),
    purgeQueue: (url, queue) => carry(secrets, () => broker(url).purge(queue)),
    queueDepth: (url, queue) => carry(secrets, () => broker(url).depth(queue)),
    databaseUrl: choice =>
      carrySync(secrets, () => {
        const url = chooseDatabase(session, noted(choice));
        secrets.note([['url', url]]);
        return url;
      }),
    query: (url, text, values, limits = {}) =>
      carry(secrets, () => queryInTest(session, url, { text, values, ...limits })),
  };
}

/** The queues the probes of this file name: without the management API nobody else can list any. */
function knownQueues(session: TestFileSession): readonly string[] {
  const probes = [...session.workers.values()].flatMap(({ prepared }) => prepared?.specs ?? []);
  return [...new Set(probes.flatMap(probe => (probe.kind === 'rabbitmq' ? probe.queues : [])))];
}
