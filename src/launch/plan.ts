import type { FilledReference } from './environment/fill-in.ts';

/** Everything one launch consists of: resolved, absolute, plain data. Made anew for every start. */
export interface LaunchPlan {
  readonly worker: string;
  /** The value of LIVE_WORKER_ID: the mark every process of this launch carries in its environment. */
  readonly id: string;
  /** The absolute path of the program. */
  readonly file: string;
  readonly args: readonly string[];
  /** The rule that found the program, and where it looked. */
  readonly executable: ExecutableOrigin;
  /** Absolute. */
  readonly cwd: string;
  /** The complete environment: nothing is added at spawn but LIVE_WORKER_READY_FD. */
  readonly env: Readonly<Record<string, string>>;
  /** Where each variable of `env` comes from. */
  readonly provenance: Readonly<Record<string, VariableOrigin>>;
  /** Variables the worker does not get although Jest has them or a file sets them. */
  readonly withheld: readonly WithheldVariable[];
  /** The free ports that were found, by variable name. */
  readonly ports: Readonly<Record<string, number>>;
  /** Of a worker with a tap: what its process gets instead. All the rest of the house looks at `env` and `args`, which lead to the services. */
  readonly detour?: TapDetour;
}

/** The variables and arguments that lead to a tap; null unsets a variable. */
export interface TapDetour {
  readonly env: Readonly<Record<string, string | null>>;
  readonly args: readonly string[];
}

export interface ExecutableOrigin {
  readonly rule: 'path' | 'venv' | 'virtual-env' | 'jest-node' | 'node-modules' | 'PATH' | 'shell';
  /** As it was asked for. */
  readonly asked: string;
  /** Every absolute path looked at, in order; the last one is the one taken. */
  readonly tried: readonly string[];
  /** The interpreter its shebang names, when it is a script. */
  readonly interpreter?: string;
}

/** The layer that set a variable, lowest first. */
export type VariableOrigin =
  | { readonly layer: 'inherited' }
  | {
      readonly layer: 'env-file';
      readonly file: string;
      readonly line: number;
      readonly filledIn?: readonly FilledReference[];
    }
  | { readonly layer: 'env'; readonly filledIn?: readonly FilledReference[] }
  | { readonly layer: 'port' }
  | { readonly layer: 'server' }
  | { readonly layer: 'slot' }
  | { readonly layer: 'otel' }
  | { readonly layer: 'restart' }
  | { readonly layer: 'coverage' }
  | { readonly layer: 'supervision' };

export interface WithheldVariable {
  readonly name: string;
  /** Of NODE_OPTIONS and NODE_PATH: what of it is withheld; the worker may have the rest. */
  readonly value?: string;
  readonly why:
    | 'set by Jest or npm'
    | 'set by live-worker'
    | 'not in inherit'
    | 'unset by services'
    | 'unset by env'
    | 'unset by otel'
    | 'unset by restart';
}
