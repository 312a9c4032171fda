import type { RunIdentity } from '../../records/run-identity.ts';
import { openTimeline } from '../../records/timeline.ts';
import { FileSlots } from '../../service/file-slots.ts';
import { notice } from '../../text/notice.ts';
import type { LeaseSlots } from '../../worker/runner/worker-lease.ts';
import type { LeaseOrder } from '../protocol.ts';
import { endLeftoversOf } from './end-leftovers-of.ts';
import { SharedProject } from './shared-project.ts';

export interface SharedProjectsOptions {
  readonly run: RunIdentity;
  /** The supervisor before may have died together with its watchdog. */
  readonly isSuccessor: boolean;
  /** Another run waits for this turn. */
  readonly onWanted: (turn: string) => void;
}

/** What the workers of a run have in common, by the folder they are of and the slots they have. */
export class SharedProjects {
  readonly #options: SharedProjectsOptions;
  readonly #projects = new Map<string, SharedProject>();
  /** Asked for by the lease that is under way, whose workers are not there yet. */
  readonly #filling = new Set<SharedProject>();
  #lastOwn = 0;
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

  /** What others with the same slots have too, or all without slots. */
  async open(rootDir: string, slots: LeaseSlots | undefined): Promise<SharedProject> {
    const key = keyOf(rootDir, slots);
    const known = this.#projects.get(key);
    if (known) return this.#fill(known);
    await this.#endLeftovers(rootDir);
    const given = slots && new FileSlots(slots.given, slots.env);
    const { onWanted } = this.#options;
    const user = 'a worker of the run';
    const project = new SharedProject({ rootDir, run: this.#run, user, slots: given, onWanted });
    this.#projects.set(key, project);
    return this.#fill(project);
  }

  /** What one test file has alone: it takes turns with all others. */
  async openOwn({ rootDir, testFile, folder }: LeaseOrder): Promise<SharedProject> {
    await this.#endLeftovers(rootDir);
    const project: SharedProject = new SharedProject({
      rootDir,
      run: this.#run,
      isOfFile: true,
      user: testFile,
      timeline:
        folder === undefined
          ? undefined
          : openTimeline(`${folder}/events.ndjson`, {
              mask: fields => project.secrets.maskData(fields) as typeof fields,
              onTrouble: notice,
            }),
      onWanted: () => {},
    });
    this.#lastOwn += 1;
    this.#projects.set(`own ${this.#lastOwn}`, project);
    return this.#fill(project);
  }

  /** The lease is there, or failed. */
  noteFilled(): void {
    this.#filling.clear();
  }

  #fill(project: SharedProject): SharedProject {
    this.#filling.add(project);
    return project;
  }

  async #endLeftovers(rootDir: string): Promise<void> {
    const isFirst = this.all.every(project => project.rootDir !== rootDir);
    if (this.#options.isSuccessor && isFirst) await endLeftoversOf(rootDir, this.#run);
  }

  /** Lets go of those in which there is no worker any more and is not going to be. */
  async closeEmpty(used: ReadonlySet<SharedProject>): Promise<void> {
    const empty = [...this.#projects].filter(
      ([, project]) =>
        (project.slots || project.isOfFile) && !used.has(project) && !this.#filling.has(project),
    );
    for (const [key] of empty) this.#projects.delete(key);
    await Promise.all(empty.map(([, project]) => project.close()));
  }

  /** Never throws. */
  async close(): Promise<void> {
    await Promise.all(this.all.map(project => project.close()));
  }
}

function keyOf(rootDir: string, slots: LeaseSlots | undefined): string {
  return JSON.stringify([rootDir, slots?.given.map(({ kind, name }) => `${kind} ${name}`) ?? []]);
}
