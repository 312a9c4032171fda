import type { LaunchPlan } from '../../launch/plan.ts';
import type { Probe } from '../../probe/probe.ts';
import type { Endpoint } from '../../process/table/read-sockets.ts';
import { maskUrl } from '../../secrets/mask-url.ts';
import { closeInTime } from '../close-in-time.ts';
import type {
  Asker,
  ClientContext,
  DeadLetter,
  DeadLetterSearch,
  LaunchSight,
  LeftBehind,
  LeftBehindTerms,
  QueueAddress,
  QueueCounts,
  ServiceClient,
  TakenMessages,
  TurnTerms,
  WaitingMessages,
} from '../service.ts';
import { TestHoldings } from '../test-holdings.ts';
import { isBrokerUrl, parseBrokerUrl } from './broker-address.ts';
import { BrokerConnection } from './broker-connection.ts';
import { askBroker } from './fixtures/ask-broker.ts';
import { brokerFixtures } from './fixtures/broker-fixtures.ts';
import { askDeadLetterQueues, findDead } from './fixtures/find-dead.ts';
import type { FixtureTerms } from './fixtures/fixture-context.ts';
import type { MessageListener } from './fixtures/message-listener.ts';
import { askDepth } from './fixtures/queue-contents.ts';
import { Temporaries } from './fixtures/temporaries.ts';
import { askLateTasks } from './queues/ask-celery.ts';
import { askManagement } from './queues/ask-management.ts';
import { checkBaseline, countAttached } from './queues/check-baseline.ts';
import { countQueues } from './queues/count-queues.ts';
import { describeQueue, takenFrom } from './queues/describe-queue.ts';
import { ExpectedConsumers, queueKey } from './queues/expected-consumers.ts';
import { findLeftBehind } from './queues/find-left-behind.ts';
import { listConsumers, managementUrl } from './queues/list-consumers.ts';
import { QueueDeaths } from './queues/queue-deaths.ts';
import { brokerAnswersProbe, rabbitmqProbe } from './rabbitmq-probe.ts';
import type { RabbitmqSpec, RabbitmqUse } from './rabbitmq-use.ts';
import { withVhost } from './slots/move-vhost.ts';
import { legTo, tappedProbe } from './tapped-probe.ts';
import { tlsFilesOf } from './tls-options.ts';
import { turnQueueName } from './turns/take-turn.ts';
import { takeTurns } from './turns/take-turns.ts';
import { TurnNotes } from './turns/turn-notes.ts';
import { watchTurns } from './turns/watch-turns.ts';

/** What asks for an answer in time clears up after it, in milliseconds. */
const closingMs = 500;

/** The brokers of one test file: a connection each, who is expected to consume, and the turns that are held. */
export class RabbitmqClient implements ServiceClient<RabbitmqSpec> {
  readonly #context: ClientContext;
  readonly #connections = new Map<string, BrokerConnection>();
  readonly #states = new Map<BrokerConnection, FixtureState>();
  readonly #consumers = new ExpectedConsumers();
  readonly #deaths = new QueueDeaths();
  readonly #notes: TurnNotes;
  /** By their names, the turns that were taken. */
  readonly #turns = new Map<string, QueuePlace>();

  constructor(context: ClientContext) {
    this.#context = context;
    this.#notes = new TurnNotes(context.folder);
  }

  answersProbe({ url, plan }: RabbitmqUse): Probe {
    return brokerAnswersProbe(this.#connect(url, plan));
  }

  readyProbe({ spec, plan, url, worker }: RabbitmqUse, { sockets, tap }: LaunchSight): Probe {
    const connection = this.#connect(url, plan);
    const api = spec.managementUrl ?? managementUrl(url);
    const counting = rabbitmqProbe(
      spec,
      connection,
      queue => this.#consumers.othersOn(queueKey(url, queue), worker),
      {
        url: maskUrl(api),
        isGiven: spec.managementUrl !== undefined,
        list: () => listConsumers(api, { brokerUrl: url, vhost: connection.address.vhost }),
        ownPorts: () => sockets()?.map(({ localPort }) => localPort),
      },
    );
    const leg = tap && legTo(tap, 'amqp', connection.address);
    return tap && leg ? tappedProbe(spec, connection, { tap, leg, counting }) : counting;
  }

  takeTurns(uses: readonly RabbitmqUse[], terms: TurnTerms): Promise<void> {
    const { timeline, testPath } = this.#context;
    for (const place of queuesOf(uses.filter(({ spec }) => !spec.share)))
      this.#turns.set(queueKey(place.url, place.queue), place);
    return takeTurns(uses, {
      ...terms,
      notes: this.#notes,
      timeline,
      testPath,
      connect: url => this.#connect(url),
    });
  }

  async releaseTurns(turns: readonly string[]): Promise<void> {
    for (const turn of turns) {
      const place = this.#turns.get(turn);
      if (!place) continue;
      const { url, queue } = place;
      this.#turns.delete(turn);
      const lock = turnQueueName(queue);
      this.#notes.remove(queueKey(url, lock));
      this.#deaths.forget(turn);
      await this.#connect(url).releaseLock(lock);
    }
  }

  beforeSpawn(use: RabbitmqUse, { isFirst }: { readonly isFirst: boolean }): Promise<void> {
    const { timeline, secrets } = this.#context;
    return checkBaseline(use, {
      connection: this.#connect(use.url, use.plan),
      consumers: this.#consumers,
      deaths: this.#deaths,
      timeline,
      secrets,
      isFirstStart: isFirst,
    });
  }

  beforeAttach(use: RabbitmqUse): Promise<void> {
    const connection = this.#connect(use.url, use.plan);
    return countAttached(use, {
      connection,
      consumers: this.#consumers,
      timeline: this.#context.timeline,
    });
  }

  noteDeath({ url, spec }: RabbitmqUse, files: readonly string[]): void {
    for (const queue of spec.queues) this.#deaths.noteDeath(queueKey(url, queue), files);
  }

  takeLeftBehind(use: RabbitmqUse, { isPurged }: LeftBehindTerms): Promise<readonly LeftBehind[]> {
    return findLeftBehind(use, {
      connection: this.#connect(use.url, use.plan),
      consumers: this.#consumers,
      deaths: this.#deaths,
      isPurged,
    });
  }

  forget(worker: string): void {
    this.#consumers.forget(worker);
  }

  endpointOf({ url }: RabbitmqUse): Endpoint {
    const { host, port } = this.#connect(url).address;
    return { host, port };
  }

  loginOf({ url }: RabbitmqUse) {
    const { user, vhost } = this.#connect(url).address;
    return { user, vhost };
  }

  evidenceOf(uses: readonly RabbitmqUse[]): ReturnType<NonNullable<ServiceClient['evidenceOf']>> {
    const urls = [...new Set(uses.map(({ url }) => url))];
    return {
      queues: urls.flatMap(url =>
        [...this.#connect(url).consumers].map(([queue, consumers]) => ({ queue, consumers })),
      ),
      leftOver: queuesOf(uses)
        .map(({ url, queue }) => ({ queue, messages: this.#consumers.leftOverOn(queueKey(url, queue)) }))
        .filter(({ messages }) => messages > 0),
    };
  }

  describeNow(
    uses: readonly RabbitmqUse[],
    taken: readonly TakenMessages[] = [],
  ): Promise<readonly string[]> {
    const queues = new Map(queuesOf(uses).map(one => [`${one.url} ${one.queue}`, one]));
    return Promise.all(
      [...queues.values()].map(({ url, queue }) => {
        const connection = this.#connect(url);
        return describeQueue(connection, queue, { taken: takenFrom(connection.address, queue, taken) });
      }),
    );
  }

  async countWaiting(
    { url, vhost, queue, isNeeded = false }: QueueAddress,
    timeLeftMs: number,
  ): Promise<WaitingMessages> {
    const connection = this.#connectionIn(url, vhost);
    const ask = askBroker(connection, () => timeLeftMs);
    if (isNeeded) return (await askDepth({ connection, ask }, queue)).ready;
    const answer = await ask(`look at queue "${queue}"`, () => connection.checkQueue(queue));
    return answer.kind === 'counted' ? answer.messages : answer.kind;
  }

  findDead({ url, vhost, queue }: QueueAddress, search: DeadLetterSearch): Promise<readonly DeadLetter[]> {
    const connection = this.#connectionIn(url, vhost);
    const ask = askBroker(connection, () => search.timeLeftMs);
    return findDead({ connection, ask }, queue, search);
  }

  askDeadLetterQueues({ url, vhost, queue }: QueueAddress, timeLeftMs: number): Promise<readonly string[]> {
    const connection = this.#connectionIn(url, vhost);
    const ask = askBroker(connection, () => timeLeftMs);
    const api = { url: managementUrl(url), brokerUrl: url };
    const context = { connection, ask, askManagement: (path: string) => askManagement(api, path) };
    return askDeadLetterQueues(context, queue);
  }

  askLateTasks(
    { url, vhost, queue }: QueueAddress,
    timeLeftMs: number,
  ): Promise<ReadonlyMap<string, boolean> | undefined> {
    const connection = this.#connectionIn(url, vhost);
    const ask = askBroker(connection, () => timeLeftMs + closingMs);
    return ask('ask a Celery worker for its tasks', () =>
      connection.inTurn('celery', channel => askLateTasks(channel, queue, timeLeftMs), { isOnce: true }),
    );
  }

  countQueues(url: string, plan: LaunchPlan, queues: readonly string[]): Promise<QueueCounts> | undefined {
    return isBrokerUrl(url) ? countQueues(this.#connect(url, plan), queues) : undefined;
  }

  trustAs(url: string, plan: LaunchPlan): void {
    this.#connect(url, plan);
  }

  operations(url: string, asker: Asker<RabbitmqSpec>) {
    const known = [...new Set(asker.uses.flatMap(({ spec }) => spec.queues))];
    const connection = this.#connect(url);
    const given = asker.uses.find(use => use.url === url && use.spec.managementUrl !== undefined);
    const api = { url: given?.spec.managementUrl ?? managementUrl(url), brokerUrl: url };
    return brokerFixtures(connection, {
      ...this.#stateOf(connection),
      asker,
      queues: known,
      wasMissing: queue =>
        this.#consumers.wasMissing(queueKey(url, queue)) || this.#context.isOwn?.('rabbitmq', url) === true,
      askManagement: path => askManagement(api, path),
    });
  }

  /** While a note stands, a file that waits leaves a free turn to the holder, which may have lost its connection. */
  release(): void {
    this.#notes.removeOwn();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#connections.values()].map(connection => this.#close(connection)));
  }

  /** A broker that does not answer is not waited for: it removes by itself what is temporary. */
  async #close(connection: BrokerConnection): Promise<void> {
    const state = this.#states.get(connection);
    if (state)
      await closeInTime(
        () => state.temporaries.remove(),
        () => {},
      );
    await connection.close();
  }

  #stateOf(connection: BrokerConnection): FixtureState {
    const state = this.#states.get(connection) ?? {
      listeners: new TestHoldings<MessageListener>('listener'),
      temporaries: new Temporaries(connection),
    };
    this.#states.set(connection, state);
    return state;
  }

  /** One that is open already, however its URL is written. */
  #connectionIn(url: string, given: string | undefined): BrokerConnection {
    const { host, port, vhost: own } = parseBrokerUrl(url);
    const vhost = given ?? own;
    const known = [...this.#connections.values()].find(
      ({ address }) => address.host === host && address.port === port && address.vhost === vhost,
    );
    return known ?? this.#connect(withVhost(url, vhost));
  }

  /** @param plan of a worker that names the broker: the first one's certificates are trusted */
  #connect(url: string, plan?: LaunchPlan): BrokerConnection {
    const known = this.#connections.get(url);
    if (known) return known;
    const { name, timeline, testPath, onLost } = this.#context;
    const connection = new BrokerConnection(url, name, {
      tls: plan && tlsFilesOf(plan.env, plan.cwd),
      locks: watchTurns(url, { notes: this.#notes, timeline, testPath, onLost }),
    });
    this.#connections.set(url, connection);
    return connection;
  }
}

/** What lasts from one call of a test to the next. */
type FixtureState = Pick<FixtureTerms, 'listeners' | 'temporaries'>;

interface QueuePlace {
  readonly url: string;
  readonly queue: string;
}

function queuesOf(uses: readonly RabbitmqUse[]): readonly QueuePlace[] {
  return uses.flatMap(({ url, spec }) => spec.queues.map(queue => ({ url, queue })));
}
