import { AsyncLocalStorage } from 'node:async_hooks';
import type { Socket } from 'node:net';
import { type RunIdentity, runName } from '../../records/run-identity.ts';
import type { GivenSlot } from '../../service/file-slots.ts';
import type {
  Answer,
  Answers,
  LeaseOrder,
  Request,
  RunSession,
  ServersOrder,
  SlotsOrder,
} from '../protocol.ts';
import { packError } from '../reported-error.ts';
import { Spares } from '../spares/spares.ts';
import { acceptClient, type ClientConnection } from './client-connection.ts';
import type { Holdings, StopOrder } from './holdings.ts';
import { Lessee } from './lessee.ts';
import { reporterMissing, reporterMissingForServers, reporterMissingForSlots } from './reporter-missing.ts';
import type { ServerHoldings, ServerUser } from './server-holdings.ts';
import type { SlotHoldings } from './slot-holdings.ts';
import type { Tenure } from './tenure.ts';

export interface SupervisorOptions {
  readonly version: string;
  readonly tenure: Pick<Tenure, 'run' | 'keptForMs' | 'keep' | 'adopt'>;
  readonly holdings: Holdings;
  readonly slots: SlotHoldings;
  readonly servers: ServerHoldings;
  /** A line for `supervisor.log`. */
  readonly note: (text: string) => void;
  /** It has stopped everything and closed every connection. */
  readonly onOver: () => void;
}

type RunOver = Answers['runComplete'];

/** All that its clients see of a supervisor; it knows nothing of its own socket and its own process. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #clients = new Set<ClientConnection>();
  readonly #members = new Map<ClientConnection, number>();
  /** For whom something is being done. */
  readonly #serving = new AsyncLocalStorage<ClientConnection>();
  readonly #lessees = new Map<ClientConnection, Lessee>();
  readonly #serverUsers = new Map<ClientConnection, ServerUser>();
  #files: number | undefined;
  #session: RunSession | undefined;
  /** Whose word may have gone to a supervisor that was lost. */
  #hasReporter = false;
  #end: Promise<RunOver> | undefined;
  readonly #spares: Spares;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#spares = new Spares({ ...options, session: () => this.#session });
  }

  accept(socket: Socket): void {
    const client = acceptClient(socket, {
      answer: (request, connection) => this.#answer(request, connection),
      onRefused: why => this.#options.note(`a client was refused: it sent ${why}`),
      onClose: connection => this.#forget(connection),
    });
    this.#clients.add(client);
  }

  /** Once only: the first order counts. */
  end(why: string, order: StopOrder, { isAnswered = false } = {}): Promise<RunOver> {
    if (!this.#end) {
      this.#end = this.#stop(why, order, isAnswered);
      void this.#end.then(() => this.#close());
    }
    return this.#end;
  }

  #answer(request: Request, client: ClientConnection): Promise<Answer> | Answer {
    switch (request.kind) {
      case 'hello':
        return this.#greet(request.version);
      case 'member':
        this.#members.set(client, request.pid);
        this.#hasReporter ||= request.hasReporter;
        return { kind: 'done' };
      case 'runStarted':
        this.#files = request.files;
        this.#spares.beginRun(request.files);
        return { kind: 'done' };
      case 'runComplete':
        return this.#complete();
      case 'reporter':
        this.#session = request.session;
        if (request.session.sharesWorkers) this.#options.holdings.preload();
        return { kind: 'done' };
      case 'adopt':
        return this.#adopt(request.run);
      case 'stopWorkers':
        return this.#stopWorkers(request.rootDir, request.worker);
      case 'yieldTurns':
        return this.#yieldTurns(request.turns);
      case 'lease':
        return this.#lease(request.order, client);
      case 'servers':
        return this.#provideServers(request.order, client);
      case 'untilServersUp':
        return this.#untilServersUp(client);
      case 'slots':
        return this.#giveSlots(request.order, client);
      case 'keepSlots':
        return this.#keepSlots(client);
      case 'finish':
        return this.#finish(client);
      case 'act':
        return this.#lessee(client).act(request);
      case 'relaunch':
        return this.#lessee(client).relaunch(request);
      case 'readTap':
        return this.#lessee(client).readTap(request);
      case 'ping':
        return { kind: 'pong' };
      case 'status':
        return this.#status();
      default:
        return request satisfies never;
    }
  }

  #greet(version: string): Answers['hello'] {
    if (version !== this.#options.version) return { kind: 'otherVersion', version: this.#options.version };
    return { kind: this.#end ? 'ending' : 'welcome' };
  }

  #status(): Answers['status'] {
    const { tenure, version, holdings, servers } = this.#options;
    const { keptForMs } = tenure;
    return {
      kind: 'status',
      pid: process.pid,
      version,
      run: runName(tenure.run),
      ...(this.#files === undefined ? {} : { files: this.#files }),
      members: [...this.#members.values()],
      workers: [...holdings.list(), ...servers.list()],
      ...(keptForMs === undefined
        ? {}
        : { keptForMs: Number.isFinite(keptForMs) ? Math.round(keptForMs) : null }),
    };
  }

  /** A line for the terminal goes to the test file it is written for, else to the one that has waited longest. */
  notice(text: string): void {
    const own = this.#serving.getStore();
    const [first] = this.#lessees.keys();
    const client = own && this.#clients.has(own) ? own : first;
    if (client) client.push({ kind: 'notice', text });
    else this.#options.note(text);
  }

  /** What goes wrong here is told where the worker is stopped; the file waits for its turn in any case. */
  async #yieldTurns(turns: readonly string[]): Promise<Answers['yieldTurns']> {
    await this.#options.holdings
      .yieldTurns(turns)
      .catch((error: unknown) => this.#options.note(String(error)));
    return { kind: 'done' };
  }

  async #lease(order: LeaseOrder, client: ClientConnection): Promise<Answers['lease']> {
    if (!this.#session && !this.#hasReporter)
      return { kind: 'refused', error: packError(reporterMissing(order)) };
    const lessee = new Lessee(client, { isSpared: this.#spares.isSpared(order) });
    this.#lessees.set(client, lessee);
    try {
      const held = await this.#serving.run(client, () =>
        this.#options.holdings.lease(order, client, this.#session),
      );
      if (this.#lessees.has(client)) {
        lessee.follow(held);
        this.#spares.noteLease(client, order, held);
      }
      return { kind: 'leased', workers: held.map(({ launch }) => launch) };
    } catch (error) {
      return { kind: 'refused', error: packError(error) };
    } finally {
      // The file may be over by now.
      if (!this.#lessees.has(client)) this.#options.holdings.endLease(client);
    }
  }

  async #provideServers(order: ServersOrder, client: ClientConnection): Promise<Answers['servers']> {
    if (!this.#session && !this.#hasReporter)
      return { kind: 'refused', error: packError(reporterMissingForServers(order)) };
    const user: ServerUser = {
      notice: text => client.push({ kind: 'notice', text: `live-worker: ${text}\n` }),
      lost: error => client.push({ kind: 'serverLost', error }),
    };
    this.#serverUsers.set(client, user);
    try {
      const servers = await this.#options.servers.provide(order, user);
      return { kind: 'provided', servers };
    } catch (error) {
      return { kind: 'refused', error: packError(error) };
    } finally {
      // The file may be over by now.
      if (!this.#clients.has(client)) this.#options.servers.end(user);
    }
  }

  async #untilServersUp(client: ClientConnection): Promise<Answers['untilServersUp']> {
    const user = this.#serverUsers.get(client);
    try {
      if (user) await this.#options.servers.untilUp(user);
      return { kind: 'done' };
    } catch (error) {
      return { kind: 'refused', error: packError(error) };
    }
  }

  #endServers(client: ClientConnection): void {
    const user = this.#serverUsers.get(client);
    this.#serverUsers.delete(client);
    if (user) this.#options.servers.end(user);
  }

  async #giveSlots(order: SlotsOrder, client: ClientConnection): Promise<Answers['slots']> {
    if (!this.#session && !this.#hasReporter)
      return { kind: 'refused', error: packError(reporterMissingForSlots(order)) };
    try {
      const notice = (text: string) => client.push({ kind: 'notice', text: `live-worker: ${text}\n` });
      const slots = await this.#takeSlots(order, client, notice);
      // The file may be over by now.
      if (!this.#clients.has(client)) this.#options.slots.end(client);
      return { kind: 'given', slots };
    } catch (error) {
      return { kind: 'refused', error: packError(error) };
    }
  }

  /** Those that were made for it before it came, or new ones. */
  async #takeSlots(
    order: SlotsOrder,
    client: ClientConnection,
    notice: (text: string) => void,
  ): Promise<readonly GivenSlot[]> {
    const spare = await this.#spares.take(order);
    if (spare) this.#options.slots.hand(spare.user, client);
    const slots = spare?.slots ?? (await this.#options.slots.take(order, client, notice));
    this.#spares.noteGiven(order, slots);
    return slots;
  }

  async #keepSlots(client: ClientConnection): Promise<Answers['keepSlots']> {
    try {
      await this.#options.slots.keep(client);
      return { kind: 'done' };
    } catch (error) {
      return { kind: 'refused', error: packError(error) };
    }
  }

  async #finish(client: ClientConnection): Promise<Answers['finish']> {
    const lessee = this.#lessees.get(client);
    const isBehind = lessee?.isSpared ?? false;
    const problems = await this.#options.holdings.finishLease(client, { isBehind });
    lessee?.finish();
    this.#endLease(client);
    return { kind: 'done', problems: problems.map(packError) };
  }

  /** One without a lease has no workers. */
  #lessee(client: ClientConnection): Lessee {
    return this.#lessees.get(client) ?? new Lessee(client, { isSpared: false });
  }

  #forget(client: ClientConnection): void {
    this.#clients.delete(client);
    this.#members.delete(client);
    this.#options.slots.end(client);
    this.#endServers(client);
    this.#endLease(client);
  }

  #endLease(client: ClientConnection): void {
    const lessee = this.#lessees.get(client);
    if (!lessee) return;
    this.#lessees.delete(client);
    lessee.stop();
    this.#spares.noteEnd(client);
    this.#options.holdings.endLease(client);
  }

  /** The run is over: ends, or waits for the next one with what is kept. */
  async #complete(): Promise<RunOver> {
    const { holdings, slots, servers, tenure } = this.#options;
    const session = this.#session;
    this.#spares.endRun();
    const ofWorkers = await holdings
      .rest(session)
      .catch((error: unknown) => ({ problems: [error], keepForMs: undefined }));
    // The next run copies its databases as they are then.
    const ofSlots = await slots.stop();
    const ofServers = await servers
      .rest(session)
      .catch((error: unknown) => ({ problems: [error], keepForMs: undefined }));
    const all = [...ofWorkers.problems, ...ofSlots, ...ofServers.problems].map(packError);
    const times = [ofWorkers.keepForMs, ofServers.keepForMs].filter(time => time !== undefined);
    if (this.#end || !session || times.length === 0) {
      const over = await this.end('its run is complete', { kind: 'orderly' }, { isAnswered: true });
      return { ...over, problems: [...all, ...over.problems] };
    }
    // From here on the next run may take it over: those that are connected now are of this one.
    const clients = [...this.#clients];
    tenure.keep({ ...session, forMs: Math.max(...times) });
    this.#session = undefined;
    this.#hasReporter = false;
    this.#files = undefined;
    // After the answer.
    setImmediate(() => void Promise.all(clients.map(client => client.close())));
    return { kind: 'over', problems: all, isKept: true };
  }

  #adopt(run: RunIdentity): Answers['adopt'] {
    const { holdings, servers, tenure } = this.#options;
    if (this.#end || !tenure.adopt(run)) return { kind: 'notAdopted' };
    holdings.beginRun(run);
    servers.beginRun();
    return { kind: 'adopted' };
  }

  async #stopWorkers(rootDir: string, worker: string | undefined): Promise<Answers['stopWorkers']> {
    const { holdings, servers } = this.#options;
    const stopped = await holdings.stopUnused(rootDir, worker);
    const ofServers = await servers.stopUnused(rootDir, worker);
    // After the answer.
    setImmediate(() => this.endWithoutWorkers('its workers were stopped'));
    return {
      kind: 'stopped',
      workers: [...stopped.workers, ...ofServers.workers],
      used: [...stopped.used, ...ofServers.used],
      problems: [...stopped.problems, ...ofServers.problems].map(packError),
    };
  }

  /** What it is kept for is gone, unless the next run has taken it over. */
  endWithoutWorkers(why: string): void {
    const { holdings, servers, tenure } = this.#options;
    const isEmpty = holdings.list().length === 0 && servers.list().length === 0;
    if (tenure.keptForMs !== undefined && isEmpty) void this.end(why, { kind: 'orderly' });
  }

  /** @param isAnswered the reporter tells what went wrong */
  async #stop(why: string, order: StopOrder, isAnswered: boolean): Promise<RunOver> {
    for (const client of this.#clients) client.push({ kind: 'ending', why });
    const { holdings, slots, servers } = this.#options;
    this.#spares.endRun();
    const problems = [
      ...(await holdings.stop(order).catch((error: unknown) => [error])),
      ...(await slots.stop()),
      ...(await servers.stop().catch((error: unknown) => [error])),
    ];
    if (!isAnswered) for (const problem of problems) this.#options.note(String(problem));
    return { kind: 'over', problems: problems.map(packError), isKept: false };
  }

  /** After the answers to `runComplete`: their turn came first. */
  async #close(): Promise<void> {
    await new Promise(setImmediate);
    await Promise.all([...this.#clients].map(client => client.close()));
    this.#options.onOver();
  }
}
