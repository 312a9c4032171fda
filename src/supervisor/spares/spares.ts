import type { GivenSlot } from '../../service/file-slots.ts';
import type { HeldLaunch, Holdings } from '../process/holdings.ts';
import type { SlotHoldings } from '../process/slot-holdings.ts';
import type { LeaseOrder, RunSession, SlotsOrder } from '../protocol.ts';
import { canHaveTwin } from './can-have-twin.ts';
import { MachineRoom } from './machine-room.ts';
import { PaceMeter } from './pace-meter.ts';
import { countSpares } from './spare-count.ts';

/** How long a machine without room is left alone, in milliseconds. */
const lookAgainMs = 100;

export interface SparesOptions {
  readonly slots: Pick<SlotHoldings, 'take' | 'end'>;
  readonly holdings: Pick<Holdings, 'lease'>;
  readonly session: () => RunSession | undefined;
  /** A line for `supervisor.log`. */
  readonly note: (text: string) => void;
  /** Default: this machine. */
  readonly machine?: Pick<MachineRoom, 'hasRoom'>;
}

/** What the last file had: the next one probably wants the same. */
interface Wanted {
  readonly key: string;
  readonly slots: SlotsOrder;
  readonly lease: LeaseOrder;
}

interface Spare {
  readonly key: string;
  /** Stands for the file that is going to have it. */
  readonly user: object;
  readonly slots: Promise<readonly GivenSlot[]>;
  /** Resolves when its workers are on their way, or are not going to be. */
  making: Promise<void>;
  /** No file is going to have it. */
  isDropped: boolean;
}

/** Slots with their workers, made while other files run, each for a file that is still to come. */
export class Spares {
  readonly #options: SparesOptions;
  readonly #machine: Pick<MachineRoom, 'hasRoom'>;
  readonly #pace = new PaceMeter();
  /** What was asked for where these slots were given, by the name of one. */
  readonly #orders = new Map<string, SlotsOrder>();
  #spares: Spare[] = [];
  #wanted: Wanted | undefined;
  #isFilling = false;
  #isOver = false;

  constructor(options: SparesOptions) {
    this.#options = options;
    this.#machine = options.machine ?? new MachineRoom();
  }

  /** @param files of the run that begins, as Jest says */
  beginRun(files: number): void {
    this.#isOver = false;
    this.#pace.beginRun(files);
  }

  /** One that was made for such a file; undefined where there is none. Whoever has it ends it. */
  async take(
    order: SlotsOrder,
  ): Promise<{ readonly user: object; readonly slots: readonly GivenSlot[] } | undefined> {
    const key = keyOf(order);
    const spare = this.#spares.find(one => one.key === key);
    if (!spare) return undefined;
    this.#spares = this.#spares.filter(one => one !== spare);
    // One that could not be made is none: the file makes its own, and is told why it cannot.
    const slots = await spare.slots.catch(() => undefined);
    return slots && { user: spare.user, slots };
  }

  noteGiven(order: SlotsOrder, slots: readonly GivenSlot[]): void {
    for (const { name } of slots) this.#orders.set(name, order);
  }

  /** A file has its workers, some of them not ready yet. */
  noteLease(file: object, lease: LeaseOrder, held: readonly HeldLaunch[]): void {
    const [slot] = lease.slots?.given ?? [];
    const slots = slot && this.#orders.get(slot.name);
    if (!slots || !isSpared(slots, lease)) return;
    this.#wanted = { key: keyOf(slots), slots, lease };
    this.#pace.begin(file);
    void Promise.all(held.map(({ ready }) => ready)).then(
      () => {
        this.#pace.noteReady(file);
        void this.#fill();
      },
      () => this.#pace.end(file),
    );
    void this.#fill();
  }

  /** True where the next file does not wait until the workers of this one are stopped. */
  isSpared(lease: LeaseOrder): boolean {
    const [slot] = lease.slots?.given ?? [];
    const slots = slot && this.#orders.get(slot.name);
    return slots !== undefined && isSpared(slots, lease);
  }

  noteEnd(file: object): void {
    this.#pace.end(file);
    void this.#fill();
  }

  /** No file of this run is to come. */
  endRun(): void {
    this.#isOver = true;
    this.#wanted = undefined;
    this.#orders.clear();
    this.#trim(0);
  }

  async #fill(): Promise<void> {
    if (this.#isFilling) return;
    this.#isFilling = true;
    try {
      for (;;) {
        const wanted = this.#isOver ? undefined : this.#wanted;
        const count = wanted ? countSpares(wanted.slots.isolate.spare, this.#pace) : 0;
        if (wanted && this.#pace.left === 0) this.#trim(0);
        const have = this.#spares.filter(({ key }) => key === wanted?.key).length;
        if (!wanted || have >= count) return;
        const isAsked = wanted.slots.isolate.spare !== 'auto';
        if (!this.#machine.hasRoom({ isAsked })) await pause(lookAgainMs);
        else this.#begin(wanted);
      }
    } finally {
      this.#isFilling = false;
    }
  }

  #begin(wanted: Wanted): void {
    const { key, slots: order } = wanted;
    const user = {};
    const slots = this.#options.slots.take({ ...order, testFile: spareFile }, user, () => {});
    const spare: Spare = { key, user, slots, making: Promise.resolve(), isDropped: false };
    this.#spares.push(spare);
    spare.making = this.#make(spare, wanted);
  }

  /** Never throws: the file that is given it meanwhile is told by its own lease. */
  async #make(spare: Spare, { slots: order, lease }: Wanted): Promise<void> {
    const { holdings, session, note } = this.#options;
    try {
      const made = await spare.slots;
      if (spare.isDropped) return;
      this.noteGiven(order, made);
      const { folder: _, ...rest } = lease;
      await holdings.lease(
        { ...rest, testFile: spareFile, slots: { given: made, env: order.isolate.env } },
        undefined,
        session(),
      );
    } catch (error) {
      note(`a spare was not made: ${String(error)}`);
      this.#wanted = undefined;
      if (this.#spares.includes(spare)) this.#drop(spare);
    }
  }

  #trim(count: number): void {
    for (const spare of this.#spares.slice(count)) this.#drop(spare);
  }

  #drop(spare: Spare): void {
    this.#spares = this.#spares.filter(one => one !== spare);
    spare.isDropped = true;
    // What is being launched into its slots is there to be stopped then.
    void spare.making.then(() => this.#options.slots.end(spare.user));
  }
}

const spareFile = 'a file that is still to come';

/** Not where two of its workers could not be there at once. */
function isSpared({ isolate }: SlotsOrder, { workers }: LeaseOrder): boolean {
  return isolate.spare !== 0 && workers.every(({ scope }) => scope === 'file') && canHaveTwin(workers);
}

function keyOf({ rootDir, isolate, places, workers }: SlotsOrder): string {
  const where = places.map(({ kind, place, urls, connections }) => [kind, place, urls, connections]);
  return JSON.stringify([rootDir, isolate, where, workers]);
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms).unref());
}
