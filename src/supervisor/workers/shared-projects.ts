import type { LiveWorkerError } from '../../errors.ts';
import type { RunIdentity } from '../../records/run-identity.ts';
import { FileSlots } from '../../service/file-slots.ts';
import type { LeaseSlots } from '../../worker/runner/worker-lease.ts';
import { endLeftoversOf } from './end-leftovers-of.ts';
import { SharedProject } from './shared-project.ts';

export interface SharedProjectsOptions {
  readonly run: RunIdentity;
  /** The supervisor before may have died together with its watchdog. */
  readonly isSuccessor: boolean;
  readonly onLost: (error: LiveWorkerError) => void;
  /** Another run waits for this turn. */
  readonly onWanted: (turn: string) => void;
}

/** What the workers of a run have in common, by the folder they are of and the slots they have. */
export class SharedProjects {
  readonly #options: SharedProjectsOptions;
  readonly #projects = new Map<string, SharedProject>();
  #run: RunIdentity;

  constructor(options: SharedProjectsOptions) {
    this.#options = options;
    this.#run = options.run;
  }

  get all(): readonly SharedProject[] {
    return [...this.#projects.values()];
  }

  beginRun(run: RunIdentity): void {
    this.#run = run;
    for (const project of this.#projects.values()) project.run = run;
  }

  async open(rootDir: string, slots: LeaseSlots | undefined): Promise<SharedProject> {
    const key = keyOf(rootDir, slots);
    const known = this.#projects.get(key);
    if (known) return known;
    const { isSuccessor, onLost, onWanted } = this.#options;
    const isFirst = this.all.every(project => project.rootDir !== rootDir);
    if (isSuccessor && isFirst) await endLeftoversOf(rootDir, this.#run);
    const given = slots && new FileSlots(slots.given, slots.env);
    const project = new SharedProject({ rootDir, run: this.#run, slots: given, onLost, onWanted });
    this.#projects.set(key, project);
    return project;
  }

  /** Lets go of those with slots in which there is no worker any more: nobody has them again. */
  async closeEmpty(used: ReadonlySet<SharedProject>): Promise<void> {
    const empty = [...this.#projects].filter(([, project]) => project.slots && !used.has(project));
    for (const [key] of empty) this.#projects.delete(key);
    await Promise.all(empty.map(([, { services }]) => services.close()));
  }

  /** Never throws. */
  async close(): Promise<void> {
    await Promise.all(this.all.map(({ services }) => services.close()));
  }
}

function keyOf(rootDir: string, slots: LeaseSlots | undefined): string {
  return JSON.stringify([rootDir, slots?.given.map(({ kind, name }) => `${kind} ${name}`) ?? []]);
}
