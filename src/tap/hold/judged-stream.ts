import type { Side } from '../amqp/amqp-event.ts';
import type { TappedConnection } from '../proxy/tapped-connection.ts';
import type { Effect } from './effect.ts';
import { UnitCutter } from './unit-cutter.ts';

/** Decides on what a direction of a connection brings about. */
export interface StreamJudge {
  stopsBefore(effect: Effect): boolean;
  hasPassed(effect: Effect): void;
  /** True when nothing behind the last unit is to pass now. */
  isHeld(): boolean;
}

/** One direction of a connection, cut into frames or messages while somebody judges them. */
export class JudgedStream {
  readonly #side: Side;
  readonly #tapped: TappedConnection;
  #cutter: UnitCutter | undefined;

  constructor(side: Side, tapped: TappedConnection) {
    this.#side = side;
    this.#tapped = tapped;
  }

  /** What comes next is not to be looked at past this. */
  get isBegun(): boolean {
    return this.#cutter !== undefined;
  }

  /** @returns what passes of it, and what is kept back because of the judge */
  pass(piece: Buffer, judge: StreamJudge): { readonly passed: Buffer; readonly kept: Buffer } {
    const passed: Buffer[] = [];
    const rest = this.#passBegun(piece, passed);
    const kept = this.#cutter ? this.#passUnits(this.#cutter, rest, { passed, judge }) : nothing;
    // What became a pipe meanwhile is nobody's to judge.
    if (this.#tapped.isPipe) passed.push(this.#cutter ? this.takeRest() : rest);
    return { passed: joined(passed), kept };
  }

  /** What waits to be judged; from now on nothing is. */
  takeRest(): Buffer {
    const rest = this.#cutter?.takeRest() ?? nothing;
    this.#cutter = undefined;
    return rest;
  }

  /** A unit whose beginning has passed is none that can be kept back. @returns what stands behind it */
  #passBegun(piece: Buffer, passed: Buffer[]): Buffer {
    let rest = piece;
    while (!this.#cutter && rest.length > 0 && !this.#tapped.isPipe) {
      const step = this.#tapped.stepOf(this.#side);
      if (step === 0) this.#cutter = new UnitCutter(this.#tapped.effects.layout);
      else {
        this.#go(rest.subarray(0, step), passed);
        rest = rest.subarray(step);
      }
    }
    return rest;
  }

  #passUnits(
    cutter: UnitCutter,
    piece: Buffer,
    { passed, judge }: { readonly passed: Buffer[]; readonly judge: StreamJudge },
  ): Buffer {
    const { effects } = this.#tapped;
    cutter.push(piece);
    for (let unit = cutter.next(); unit; unit = cutter.next()) {
      const begun = effects.begin(this.#side, unit);
      if (begun && judge.stopsBefore(begun)) return nothing;
      this.#go(unit.bytes, passed);
      const done = effects.complete(this.#side, unit);
      if (done) judge.hasPassed(done);
      if (judge.isHeld()) return cutter.takeRest();
    }
    return nothing;
  }

  #go(bytes: Buffer, passed: Buffer[]): void {
    this.#tapped.from(this.#side, bytes);
    passed.push(bytes);
  }
}

const nothing = Buffer.alloc(0);

function joined(pieces: readonly Buffer[]): Buffer {
  return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
}
