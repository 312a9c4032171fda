import { setTimeout as sleep } from 'node:timers/promises';
import type { GivenSlot } from '../../service/file-slots.ts';
import { serviceKinds } from '../../service/service-kinds.ts';
import type { SlotServer } from '../../service/slot.ts';
import type { SlotPlace } from '../../service/slot-lease.ts';
import { createSlotOwner } from '../../service/slot-owner.ts';
import type { ServerHoldings } from '../process/server-holdings.ts';
import type { SlotHoldings } from '../process/slot-holdings.ts';
import type { SlotsOrder } from '../protocol.ts';

const restLimitMs = 30_000;

interface HeldSlot extends GivenSlot {
  readonly server: SlotServer;
  readonly url: string;
}

/** The slots of all test files of a run, and the servers they are on. */
export class HeldSlots implements SlotHoldings {
  readonly #owner = createSlotOwner();
  readonly #note: (text: string) => void;
  readonly #ownServers: Pick<ServerHoldings, 'settingsOf' | 'isGone'>;
  readonly #clear: (names: readonly string[]) => Promise<void>;
  readonly #servers = new Map<string, SlotServer>();
  readonly #given = new Map<object, readonly HeldSlot[]>();
  readonly #pending = new Set<Promise<unknown>>();
  #stopping = new AbortController();
  #problems: unknown[] = [];
  #lastNumber = 0;

  /**
   * @param note a line for `supervisor.log`
   * @param clear resolves when no worker uses slots of these names any more
   */
  constructor(
    note: (text: string) => void,
    ownServers: Pick<ServerHoldings, 'settingsOf' | 'isGone'>,
    clear: (names: readonly string[]) => Promise<void>,
  ) {
    this.#note = note;
    this.#ownServers = ownServers;
    this.#clear = clear;
  }

  take(order: SlotsOrder, user: object, notice: (text: string) => void): Promise<readonly GivenSlot[]> {
    return this.#track(this.#take(order, user, notice));
  }

  hand(from: object, to: object): void {
    const slots = this.#given.get(from) ?? [];
    this.#given.delete(from);
    this.#given.set(to, slots);
  }

  async keep(user: object): Promise<void> {
    const slots = this.#given.get(user) ?? [];
    for (const { server, name } of slots) await server.keep(name);
    this.#given.delete(user);
  }

  end(user: object): void {
    const slots = this.#given.get(user) ?? [];
    this.#given.delete(user);
    for (const slot of slots) void this.#track(this.#drop(slot));
  }

  async stop(): Promise<readonly unknown[]> {
    this.#stopping.abort(new Error('the run is over'));
    // A kept supervisor has another run after this one.
    this.#stopping = new AbortController();
    const isRested = await this.#dropAll();
    const servers = [...this.#servers.values()];
    this.#servers.clear();
    if (isRested) await Promise.allSettled(servers.map(server => server.close()));
    const problems = this.#problems;
    this.#problems = [];
    return problems;
  }

  /** Some may still be being made for a file that is gone. */
  async #dropAll(): Promise<boolean> {
    for (;;) {
      for (const user of this.#given.keys()) this.end(user);
      if (!(await this.#rest())) return false;
      if (this.#given.size === 0) return true;
    }
  }

  /** A server that answers no more keeps no run from its end: the next one drops what is left there. */
  async #rest(): Promise<boolean> {
    const limit = new AbortController();
    const late = sleep(restLimitMs, 'late', { signal: limit.signal }).catch(() => 'late');
    while (this.#pending.size > 0) {
      if ((await Promise.race([Promise.allSettled(this.#pending), late])) !== 'late') continue;
      this.#problems.push(
        new Error(
          `What test files had for themselves was not dropped in ${restLimitMs / 1_000} s; the next run does it`,
        ),
      );
      return false;
    }
    limit.abort();
    return true;
  }

  /** A vhost and a database of one file have the same name. */
  async #take(
    order: SlotsOrder,
    user: object,
    notice: (text: string) => void,
  ): Promise<readonly GivenSlot[]> {
    const shared = this.#nextName();
    const making = order.places.map(async (place, index): Promise<HeldSlot> => {
      const isFirst = order.places.findIndex(({ kind }) => kind === place.kind) === index;
      const name = isFirst ? shared : this.#nextName();
      const server = this.#serverOf(place, order);
      const [url = ''] = place.urls;
      const slot = { kind: place.kind, place: place.place, name, server, url };
      try {
        await server.create(name, { ...place, env: order.isolate.env, notice });
      } catch (error) {
        await this.#drop(slot);
        throw error;
      }
      return slot;
    });
    const made = await Promise.allSettled(making);
    const slots = made.flatMap(one => (one.status === 'fulfilled' ? [one.value] : []));
    const failed = made.find(one => one.status === 'rejected');
    if (failed) {
      for (const slot of slots) void this.#track(this.#drop(slot));
      throw failed.reason;
    }
    this.#given.set(user, slots);
    return slots.map(({ kind, place, name }) => ({ kind, place, name }));
  }

  #serverOf({ kind, place, urls }: SlotPlace, { isolate, rootDir, env }: SlotsOrder): SlotServer {
    const [url = ''] = urls;
    const { managementUrl, commandEnvironment } = this.#ownServers.settingsOf(url) ?? {};
    const said = (isolate as unknown as Readonly<Record<string, object>>)[kind];
    const options = managementUrl === undefined ? said : { ...said, managementUrl };
    const key = JSON.stringify([kind, place, url, options, rootDir]);
    const known = this.#servers.get(key);
    if (known) return known;
    const capability = serviceKinds[kind]?.slot;
    if (!capability) throw new TypeError(`A service of kind "${kind}" has no slots`);
    const server = this.#sweeping(
      capability.openServer({
        url,
        options,
        rootDir,
        env: commandEnvironment ?? env,
        owner: this.#owner,
        stopping: this.#stopping.signal,
        nextName: () => this.#nextName(),
      }),
    );
    this.#servers.set(key, server);
    return server;
  }

  /** Looks for what others left once it has made something itself, which shows that it may; no file waits for it. */
  #sweeping(server: SlotServer): SlotServer {
    let isSwept = false;
    return {
      create: async (name, order) => {
        await server.create(name, order);
        if (isSwept) return;
        isSwept = true;
        void this.#track(server.sweep().catch((error: unknown) => this.#note(String(error))));
      },
      drop: name => server.drop(name),
      keep: name => server.keep(name),
      sweep: () => server.sweep(),
      close: () => server.close(),
    };
  }

  /** Never throws: what could not be dropped is told at the end of the run, and the next one looks for it. */
  async #drop({ server, name, url }: HeldSlot): Promise<void> {
    try {
      await this.#clear([name]);
      if (this.#ownServers.isGone(url)) return;
      await server.drop(name);
    } catch (error) {
      if (!this.#ownServers.isGone(url)) this.#problems.push(error);
    }
  }

  #nextName(): string {
    this.#lastNumber += 1;
    return `lw_${this.#owner.hex}_${this.#lastNumber}`;
  }

  #track<T>(work: Promise<T>): Promise<T> {
    const done = work.then(
      () => {},
      () => {},
    );
    this.#pending.add(done);
    void done.then(() => this.#pending.delete(done));
    return work;
  }
}
