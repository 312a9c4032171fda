/** How a tap looks at what passes; `true` stands for `{}`. */
export interface TapOptions {
  /** Traffic that is no doing of a test. */
  readonly ignore?: TapIgnoreOptions;
}

/** `*` stands for anything. Heartbeats, events and remote control of Celery and LISTEN are ignored in any case. */
export interface TapIgnoreOptions {
  /** Names of queues. */
  readonly queues?: readonly string[];
  /** Names of exchanges. */
  readonly exchanges?: readonly string[];
  /** Whole statements, in which neither white space nor case counts: `'SELECT 1'`, `'*FROM jobs*'`. */
  readonly statements?: readonly string[];
  /** Those of libraries that poll. */
  readonly presets?: readonly TapPreset[];
}

export const tapPresets = ['graphile-worker', 'pg-boss', 'ping'] as const;

export type TapPreset = (typeof tapPresets)[number];
