import type { Server } from 'node:net';
import { identifyProcess } from '../../process/table/process-identity.ts';
import type { RunIdentity } from '../../records/run-identity.ts';
import { Office } from '../socket/office.ts';
import { electedName, keptName, privateName } from '../socket/socket-names.ts';
import { watchRun } from './watch-run.ts';

/** How a supervisor outlives its run. */
export interface Keeping {
  /** The real path of the project's rootDir. */
  readonly project: string;
  /** Milliseconds after the run. */
  readonly forMs: number;
  /** The process of the run starts others, as in watch mode: until it is gone. */
  readonly isWatching: boolean;
}

export interface TenureEnds {
  /** The process of the run is gone, and the run was not complete. */
  readonly onRunGone: () => void;
  /** It was kept for as long as it was to be. */
  readonly onExpired: () => void;
}

/** For which run a supervisor stands, by which names it is found, and until when. */
export class Tenure {
  readonly #ends: TenureEnds;
  #run: RunIdentity;
  #office: Office | undefined;
  #endWatch = () => {};
  #timer: NodeJS.Timeout | undefined;
  #keptUntilMs: number | undefined;

  constructor(run: RunIdentity, ends: TenureEnds) {
    this.#run = run;
    this.#ends = ends;
  }

  get run(): RunIdentity {
    return this.#run;
  }

  /** Milliseconds; undefined while it stands for a run. */
  get keptForMs(): number | undefined {
    return this.#keptUntilMs === undefined ? undefined : Math.max(0, this.#keptUntilMs - performance.now());
  }

  /** False when the run has that supervisor already. */
  async begin(server: Server, folder: string, number: number): Promise<boolean> {
    const own = privateName(this.#run, number, identifyProcess(process.pid));
    const office = await Office.open(server, folder, own);
    this.#office = office;
    if (!office.take(electedName(this.#run, number))) return false;
    this.#watch(() => this.#ends.onRunGone());
    return true;
  }

  /** Another run of the project may take it over from now on. */
  keep({ project, forMs, isWatching }: Keeping): void {
    const name = keptName(project, identifyProcess(process.pid));
    this.#office?.take(name);
    this.#office?.keepOnly(name);
    this.#endWatch();
    this.#keptUntilMs = isWatching ? Number.POSITIVE_INFINITY : performance.now() + forMs;
    if (!isWatching) this.#expireAfter(forMs);
    else
      this.#watch(() => {
        this.#keptUntilMs = performance.now() + forMs;
        this.#expireAfter(forMs);
      });
  }

  /** False when it stands for a run, or that run has a supervisor already. */
  adopt(run: RunIdentity): boolean {
    const name = electedName(run, 0);
    if (this.#keptUntilMs === undefined || !this.#office?.take(name)) return false;
    this.#office.keepOnly(name);
    clearTimeout(this.#timer);
    this.#keptUntilMs = undefined;
    this.#run = run;
    this.#endWatch();
    this.#watch(() => this.#ends.onRunGone());
    return true;
  }

  /** Takes its names away, so that another one may be elected. */
  resign(): void {
    clearTimeout(this.#timer);
    this.#office?.keepOnly();
  }

  #watch(onGone: () => void): void {
    const { pid, startTime } = this.#run;
    this.#endWatch = watchRun({ pid, startTime: startTime || undefined }, onGone);
  }

  #expireAfter(ms: number): void {
    this.#timer = setTimeout(() => this.#ends.onExpired(), ms);
  }
}
