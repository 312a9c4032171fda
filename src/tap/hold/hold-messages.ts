import type { CrashPoint, WantedEffect } from './crash-point.ts';
import type { EffectSight } from './effect.ts';

/** What is armed on the tap of a worker, by a number of its own. */
export type HoldWatch =
  | { readonly kind: 'crash'; readonly number: number; readonly point: CrashPoint }
  | {
      readonly kind: 'lose-answer';
      readonly number: number;
      /** On connections to these. */
      readonly listeners: readonly string[];
      readonly wanted: Pick<WantedEffect, 'statement'>;
    };

/** What its owner asks the thread of a tap; each is answered, in order. */
export type HoldQuestion =
  | { readonly kind: 'arm'; readonly watch: HoldWatch }
  | { readonly kind: 'disarm'; readonly number: number }
  | { readonly kind: 'record'; readonly isOn: boolean }
  | { readonly kind: 'effects'; readonly after: number }
  | { readonly kind: 'cut'; readonly listeners: readonly string[] }
  | { readonly kind: 'end-all'; readonly limitMs: number };

/** By the kind of the question. */
export interface HoldAnswers {
  /** The number of the last effect before. */
  readonly arm: number;
  readonly disarm: null;
  readonly record: number;
  readonly effects: EffectsSince;
  /** How many connections there were. */
  readonly cut: number;
  /** Listeners whose service has not let go. */
  readonly 'end-all': readonly string[];
}

export interface EffectsSince {
  /** Of the last effect. */
  readonly last: number;
  readonly effects: readonly NotedEffect[];
}

/** Times are those of the thread of the tap, in milliseconds. */
export interface NotedEffect extends EffectSight {
  readonly number: number;
  readonly atMs: number;
  /** Messages the worker had and had not acknowledged when it was done, at most some hundred. */
  readonly open: number;
  /** The same for the same content. */
  readonly digest?: string;
}

/** How a worker stood at the point it was watched for. */
export interface Reached {
  readonly effect: EffectSight;
  /** That it worked on, where it can be told. */
  readonly message: EffectSight | undefined;
  readonly inFlight: {
    /** Delivered and not acknowledged. */
    readonly messages: readonly EffectSight[];
    /** Open transactions, each by its statements that write. */
    readonly transactions: readonly (readonly string[])[];
  };
  readonly atMs: number;
}
