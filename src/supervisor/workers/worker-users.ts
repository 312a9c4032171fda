/** The test files that use one worker of a run, each by an object that stands for it. */
export class WorkerUsers {
  readonly #files = new Map<object, string>();
  #last: string | undefined;

  get size(): number {
    return this.#files.size;
  }

  /** Those that use it now, else the one that did last. */
  get files(): readonly string[] {
    if (this.#files.size > 0) return [...new Set(this.#files.values())];
    return this.#last === undefined ? [] : [this.#last];
  }

  /** Those that use it now. */
  get now(): readonly string[] {
    return this.#files.size === 0 ? [] : this.files;
  }

  has(user: object): boolean {
    return this.#files.has(user);
  }

  add(user: object, file: string): void {
    this.#files.set(user, file);
  }

  delete(user: object): void {
    this.#last = this.#files.get(user) ?? this.#last;
    this.#files.delete(user);
  }
}
