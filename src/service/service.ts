import type { Evidence, ExpectedLogin, ExpectedService } from '../diagnose/evidence.ts';
import type { LiveWorkerError } from '../errors.ts';
import type { LaunchPlan } from '../launch/plan.ts';
import type { Probe } from '../probe/probe.ts';
import type { OpenedSocket } from '../probe/probe-context.ts';
import type { Endpoint } from '../process/table/read-sockets.ts';
import type { Timeline } from '../records/timeline.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { LaunchTap, TapLeg } from '../tap/launch-tap.ts';
import type { Tappable } from '../tap/tappable.ts';
import type { ServerCapability } from './server-capability.ts';
import type { SlotCapability } from './slot.ts';

/**
 * One kind of service that workers use, such as RabbitMQ: all that the rest of the house knows of it. Its folder implements
 * this, and `service-kinds.ts` lists it.
 */
export interface Service<Spec extends ServiceSpec = ServiceSpec> extends ServiceDescription {
  /** What a worker that is not ready is expected to be connected to: a broker always, a database when it needs it. */
  readonly role: ExpectedService['role'];
  /** Where a worker finds it. @throws ENV_MISSING, OPTIONS_INVALID */
  locate(url: string | undefined, place: UrlPlace): FoundUrl;
  /** The queues a probe watches; none where the service has no queues. */
  queuesOf?(spec: Spec): readonly string[];
  /** Names what the files that use it take turns on. */
  turnsOf?(use: ServiceUse<Spec>): readonly string[];
  /** What of a probe can be asked of a worker that was not launched from here. */
  specOfUnknownLaunch?(spec: Spec): Spec;
  /** What its servers speak, where a tap reads that. */
  readonly protocol?: TapLeg['protocol'];
  /** The variables of a launch that lead to such a service; none where no tap can stand before it. */
  tappable?(plan: Pick<LaunchPlan, 'env' | 'cwd'>): readonly Tappable[] | Promise<readonly Tappable[]>;
  /** Finds out about a launch what no probe does. */
  inquire?(uses: readonly ServiceUse<Spec>[]): LaunchInquiry;
  /** Connects to nothing yet. */
  createClient(context: ClientContext): ServiceClient<Spec>;
  /** A place on its servers for one test file alone; left out by a service that has nothing of the kind. */
  readonly slot?: SlotCapability;
  /** How its users are led to a server of the run; left out by a service of which none can be started. */
  readonly server?: ServerCapability;
}

/** What messages say of a service. */
export interface ServiceDescription {
  /** `RabbitMQ` */
  readonly title: string;
  /** A command that starts one. */
  readonly startCommand: string;
  /**
   * What to change where a worker cannot be started because of `why`; undefined where the general advice does.
   *
   * @param variables that say where the service is and how to log in, the one with its address first
   */
  advise(why: string, variables: readonly string[]): string | undefined;
}

/** A service as one test file uses it: its connections, and what it has seen there. */
export interface ServiceClient<Spec extends ServiceSpec = ServiceSpec> {
  /** Satisfied when the service accepts the login of the worker: all that can be known before there is a worker. */
  answersProbe(use: ServiceUse<Spec>): Probe;
  /** Satisfied when the worker is seen to use it as its probe asks. */
  readyProbe(use: ServiceUse<Spec>, launch: LaunchSight): Probe;
  /** Waits until this file may use what the probes name alone. */
  takeTurns?(uses: readonly ServiceUse<Spec>[], terms: TurnTerms): Promise<void>;
  /** Lets others have these of the turns that were taken, by the names `turnsOf` gives them. */
  releaseTurns?(turns: readonly string[]): Promise<void>;
  /** Looks at what is there right before a worker is spawned. @throws STRANGERS_ON_QUEUE, SERVICE_UNAVAILABLE */
  beforeSpawn?(use: ServiceUse<Spec>, spawn: { readonly isFirst: boolean }): Promise<void>;
  /** The same for a worker that runs already. */
  beforeAttach?(use: ServiceUse<Spec>): Promise<void>;
  /** The worker died; these test files used it then, or did last. */
  noteDeath?(use: ServiceUse<Spec>, files: readonly string[]): void;
  /**
   * What workers that died left where the worker of this use is to take it from, told once; with `isPurged` it is dropped.
   *
   * @throws SERVICE_UNAVAILABLE
   */
  takeLeftBehind?(use: ServiceUse<Spec>, terms: LeftBehindTerms): Promise<readonly LeftBehind[]>;
  /** The worker is gone. */
  forget?(worker: string): void;
  endpointOf(use: ServiceUse<Spec>): Endpoint;
  /** As whom and where on it, as far as the service has such things. */
  loginOf?(use: ServiceUse<Spec>): ExpectedLogin;
  /** What was last seen there. */
  evidenceOf?(uses: readonly ServiceUse<Spec>[]): Partial<Pick<Evidence, 'queues' | 'leftOver'>>;
  /** What stands under a failed assertion: the state of what the probes name, a line each. */
  describeNow?(
    uses: readonly ServiceUse<Spec>[],
    taken: readonly TakenMessages[],
  ): Promise<readonly string[]>;
  /** How many messages wait on a queue of the server at a URL, in any vhost. */
  countWaiting?(address: QueueAddress, timeLeftMs: number): Promise<WaitingMessages>;
  /** Where a queue's dead letters lie, as far as the server tells. */
  askDeadLetterQueues?(address: QueueAddress, timeLeftMs: number): Promise<readonly string[]>;
  /** What a queue gave up. */
  findDead?(address: QueueAddress, search: DeadLetterSearch): Promise<readonly DeadLetter[]>;
  /** Which tasks the worker that has this queue for its remote control acknowledges when they are done; undefined: it does not tell. */
  askLateTasks?(address: QueueAddress, timeLeftMs: number): Promise<ReadonlyMap<string, boolean> | undefined>;
  /** What is on queues of the server at `url` now, those left out that cannot be looked at; undefined for a URL of another service. */
  countQueues?(url: string, plan: LaunchPlan, queues: readonly string[]): Promise<QueueCounts> | undefined;
  /** The connection of fixtures trusts what this worker does. */
  trustAs?(url: string, plan: LaunchPlan): void;
  /** What tests ask of it, by name; arguments and answers are plain data or Buffers. */
  operations(url: string, asker: Asker<Spec>): object;
  /** Lets other files know that this one is about to end. Never throws. */
  release?(): void;
  /** Never throws. */
  close(): Promise<void>;
}

/** Queues of one place of a server. */
export interface QueueCounts {
  readonly vhost: string;
  /** By name. */
  readonly queues: ReadonlyMap<string, { readonly ready: number; readonly consumers: number }>;
}

/** A probe that is about a service. */
export interface ServiceSpec {
  readonly kind: string;
  /** Default: what the worker's environment says. */
  readonly url?: string;
}

/** A service that a probe of a launch names, at the very URL the worker gets. */
export interface ServiceUse<Spec extends ServiceSpec = ServiceSpec> {
  readonly worker: string;
  readonly spec: Spec;
  readonly plan: LaunchPlan;
  readonly url: string;
  /** Where the URL comes from: `DATABASE_URL, set in .env:3; with PGPASSWORD, set in .env:4`. */
  readonly source: string;
}

export interface FoundUrl {
  readonly url: string;
  /** The variable, or the option of the probe. */
  readonly origin: string;
  /** Variables that say what the URL does not. */
  readonly beside?: readonly string[];
}

/** Where a URL is looked for. */
export interface UrlPlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What relative paths count from. */
  readonly cwd: string;
  /** Names the probe or the fixture in messages: `workers.ops.ready[0]`. */
  readonly where: string;
}

export interface ClientContext {
  /** What the server shows of the connections. */
  readonly name: string;
  /** Of the records: `<rootDir>/.live-worker`. */
  readonly folder: string;
  /** From rootDir, as it stands in messages. */
  readonly testPath: string;
  readonly timeline: Pick<Timeline, 'record'>;
  readonly secrets: Secrets;
  /**
   * The file is no longer alone where it has to be: it has failed.
   *
   * @param repeated stands under each later test
   */
  onLost(error: LiveWorkerError, repeated: LiveWorkerError): void;
  /** True where all that is at `url` is of this file alone. */
  isOwn?(kind: string, url: string): boolean;
}

/** What can be seen of a launch from outside. */
export interface LaunchSight {
  /** The connections the worker's processes have opened, each as if there were no tap; undefined where that cannot be seen. */
  sockets(): readonly OpenedSocket[] | undefined;
  /** Undefined for a worker without one. */
  readonly tap?: TapBeside | undefined;
}

export interface TapBeside extends LaunchTap {
  /** The connections that do not lead to it. */
  directSockets(): readonly OpenedSocket[] | undefined;
}

/** A queue of a server that a worker uses. */
export interface QueueAddress {
  readonly url: string;
  /** Undefined: that of the URL. */
  readonly vhost: string | undefined;
  readonly queue: string;
  /** It is an error where it is missing. */
  readonly isNeeded?: boolean;
}

export interface DeadLetterSearch {
  /** The queues to look at. */
  readonly lyingIn: readonly string[];
  /** Undefined: those of any message. */
  readonly messageIds: ReadonlySet<string> | undefined;
  /** Since the Unix epoch. */
  readonly sinceMs: number;
  readonly timeLeftMs: number;
}

/** A message that a queue gave up. */
export interface DeadLetter {
  /** It lies in. */
  readonly queue: string;
  readonly messageId: string | undefined;
  /** Why and where, the last time first, in words. */
  readonly deaths: readonly string[];
}

/** `locked`: it is exclusive to another connection. */
export type WaitingMessages = number | 'missing' | 'locked';

/** Messages that a worker with a tap was sent and has not acknowledged. */
export interface TakenMessages {
  readonly broker: Endpoint;
  readonly vhost: string;
  readonly queue: string;
  readonly messages: number;
  readonly oldestMs: number;
  /** Of the process that holds the connection, where that can be seen. */
  readonly pid: number | undefined;
}

export interface TurnTerms {
  /** Who holds turns longer than a file hears, by its name, that a file of another run waits for one. */
  readonly onWanted?: (turn: string) => void;
  readonly signal: AbortSignal;
  /** True for a worker that is not started but used where it runs: its holder has its turn, so those who attach take turns among themselves. */
  isAttached(worker: string): boolean;
}

export interface LeftBehindTerms {
  readonly isPurged: boolean;
}

/** Messages that a worker which died has not taken, or not acknowledged. */
export interface LeftBehind {
  readonly queue: string;
  readonly messages: number;
  /** That used the worker, from rootDir. */
  readonly files: readonly string[];
}

/** Questions about one launch that are asked once, shortly before its deadline: their answers are late, and only for a failure's text. */
export interface LaunchInquiry {
  /** Asks unless it is closed before. */
  askBefore(deadlineMs: number): { close(): void };
  /** @param localPorts the worker's own ends of its connections */
  evidenceOf(localPorts: readonly number[]): Partial<Pick<Evidence, 'consumedQueues' | 'elsewhere'>>;
}

/** The test or hook that asks something of a service. */
export interface Asker<Spec extends ServiceSpec = ServiceSpec> {
  /** `test "a"`, `a hook` */
  readonly name: string;
  /** Milliseconds an answer may take so that our message comes before Jest's; some seconds outside of tests. */
  timeLeftMs(): number;
  /** The same; undefined outside of tests. */
  readonly limitMs: number | undefined;
  isOver(): boolean;
  /** What its messages carry so that workers with `otel` tell what they do under its trace. */
  readonly traceparent?: string | undefined;
  /** Why waiting is of no use any more: its test or the file is over, or a worker has died. */
  verdict(): LiveWorkerError | undefined;
  /** Calls `look` whenever it may be over. */
  watch(look: () => void): { stop(): void };
  /** What the probes of the file name. */
  readonly uses: readonly ServiceUse<Spec>[];
}
