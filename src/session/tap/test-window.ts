import { machineMs } from '../../tap/flow/machine-clock.ts';

const mostPublications = 10_000;

/** A message that a fixture published. */
export interface Publication {
  readonly messageId: string | undefined;
  /** The exchange, or the queue behind the default one. */
  readonly target: string;
  /** When an exchange of delayed messages passes it on, by the clock of the machine. */
  readonly dueMs: number | undefined;
  /** When it expires. */
  readonly expiresMs: number | undefined;
}

/** Since when what workers do may be the doing of the running test, or hook of all tests. */
export class TestWindow {
  #beganMs = machineMs();
  #number = 0;
  #isTest = false;
  #isAlone = true;
  #publications: Publication[] = [];
  readonly #publishedBefore = new Set<string>();
  readonly #asked = new Set<string>();
  /** By hooks of all tests. */
  readonly #askedBefore = new Set<string>();

  /** By the clock of the machine. */
  get beganMs(): number {
    return this.#beganMs;
  }

  /** Another for each. */
  get number(): number {
    return this.#number;
  }

  /** Only one test ran on the workers since it began. */
  get isAlone(): boolean {
    return this.#isAlone;
  }

  /** What fixtures have published in it, and in those before. */
  get publications(): readonly Publication[] {
    return this.#publications;
  }

  get publishedBefore(): ReadonlySet<string> {
    return this.#publishedBefore;
  }

  /** Another test runs beside. */
  noteConcurrent(): void {
    this.#isAlone = false;
  }

  notePublished(publication: Publication): void {
    if (this.#publications.length < mostPublications) this.#publications.push(publication);
  }

  begin({ isTest }: { readonly isTest: boolean }): void {
    this.#beganMs = machineMs();
    this.#number += 1;
    this.#isTest = isTest;
    this.#isAlone = true;
    for (const { messageId } of this.#publications) this.#remember(messageId);
    this.#publications = [];
    this.#asked.clear();
  }

  /** A test, or a hook of all tests, looks at a queue or an exchange. */
  noteAsked(name: string): void {
    (this.#isTest ? this.#asked : this.#askedBefore).add(name);
  }

  /** The same for the dead letters of a queue, wherever they are. */
  noteAskedForDead(queue: string): void {
    this.noteAsked(`dead letters of ${queue}`);
  }

  hasAskedForDead(queue: string): boolean {
    return this.hasAsked(`dead letters of ${queue}`);
  }

  hasAsked(name: string): boolean {
    return this.#asked.has(name) || this.#askedBefore.has(name);
  }

  #remember(messageId: string | undefined): void {
    if (messageId === undefined) return;
    if (this.#publishedBefore.size >= mostPublications) this.#publishedBefore.clear();
    this.#publishedBefore.add(messageId);
  }
}
