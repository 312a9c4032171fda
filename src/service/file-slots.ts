import type { ProbeSpec } from '../options/probe-options.ts';
import type { ServiceUse } from './service.ts';
import { type ServiceKinds, serviceKinds } from './service-kinds.ts';
import type { SlotCapability, SlotMove, SlotSurroundings } from './slot.ts';

/** A place on a server that a test file has for itself, and the one it stands for. */
export interface GivenSlot extends SlotMove {
  readonly kind: string;
}

/** What leads workers and tests of one test file to its slots. */
export class FileSlots {
  readonly all: readonly GivenSlot[];
  readonly #env: Readonly<Record<string, string>>;
  readonly #kinds: ServiceKinds;

  /** @param env variables of `isolate.env`, with `${slot.…}` in them */
  constructor(
    all: readonly GivenSlot[],
    env: Readonly<Record<string, string>> = {},
    kinds: ServiceKinds = serviceKinds,
  ) {
    this.all = all;
    this.#env = env;
    this.#kinds = kinds;
  }

  /** The variables of a worker that lead to its slots. */
  variables(surroundings: SlotSurroundings): Readonly<Record<string, string>> {
    const moved: Record<string, string> = {};
    for (const slot of this.all) {
      const capability = this.#capability(slot);
      for (const [name, value] of Object.entries(surroundings.env)) {
        const url = value && capability.moveUrl(value, slot, surroundings);
        if (url) moved[name] = url;
      }
      Object.assign(moved, capability.moveVariables?.(slot, surroundings));
    }
    for (const [name, text] of Object.entries(this.#env)) moved[name] = this.#fillIn(text);
    return moved;
  }

  /** A probe that gives the URL of a place itself is aimed at the slot. */
  moveSpec(spec: ProbeSpec, surroundings: SlotSurroundings): ProbeSpec {
    if (!('url' in spec) || spec.url === undefined) return spec;
    for (const slot of this.all) {
      if (slot.kind !== spec.kind) continue;
      const url = this.#capability(slot).moveUrl(spec.url, slot, surroundings);
      if (url) return { ...spec, url };
    }
    return spec;
  }

  /** True where only this file uses what the use names. */
  isIn({ spec, url, plan }: ServiceUse): boolean {
    return this.holds(spec.kind, url, plan);
  }

  /** The same of a URL. */
  holds(kind: string, url: string, surroundings: SlotSurroundings): boolean {
    return this.all.some(slot => {
      if (slot.kind !== kind) return false;
      const own = slot.place.replace(/[^/]*$/, () => encodeURIComponent(slot.name));
      return this.#capability(slot).placeOf(url, surroundings) === own;
    });
  }

  /** The names in `isolate.env` for which no worker of the file has a place: `database`. */
  missingNames(): readonly string[] {
    const there = new Set(this.all.map(slot => this.#capability(slot).placeName));
    const asked = Object.values(this.#env).flatMap(text =>
      [...text.matchAll(reference)].map(([, name = '']) => name),
    );
    return [...new Set(asked)].filter(name => !there.has(name));
  }

  #fillIn(text: string): string {
    return text.replace(
      reference,
      (_, name) => this.all.find(slot => this.#capability(slot).placeName === name)?.name ?? '',
    );
  }

  #capability({ kind }: GivenSlot): SlotCapability {
    const capability = this.#kinds[kind]?.slot;
    if (!capability) throw new TypeError(`A service of kind "${kind}" has no slots`);
    return capability;
  }
}

const reference = /\$\{slot\.(\w+)\}/g;
