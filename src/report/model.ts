/** Raised by every change of the types below that an older page could not show. */
export const modelVersion = 1;

/** Everything the report shows of a run, as plain data. Times without `At` are milliseconds since the run began. */
export interface RunModel {
  readonly version: number;
  /** The folder of the project. */
  readonly title: string;
  /** Milliseconds since the Unix epoch. */
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** The parts a merged report was made of, each laid from its own beginning; empty for one run. */
  readonly shards: readonly string[];
  readonly files: readonly FileModel[];
  readonly workers: readonly WorkerModel[];
  readonly logs: readonly LogSlice[];
  /** In the order they began; undefined where no worker sent any. */
  readonly spans?: readonly SpanModel[] | undefined;
  /** What a reader must know of the report itself: lines that could not be read, logs that were cut. */
  readonly notes: readonly string[];
}

export interface FileModel {
  /** The folder of its records; unique in the run. */
  readonly id: string;
  /** From rootDir. */
  readonly path: string;
  readonly shard?: string;
  /** The process of Jest that ran it; undefined in records of an older version. */
  readonly pid?: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** `cut off`: Jest ended before the file did. */
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'cut off';
  /** Until its workers were ready, or were not going to be; 0 without workers. */
  readonly waitedMs: number;
  /** When its tests could begin. */
  readonly readyMs?: number;
  /** Of the file itself, and of its hooks of all tests. */
  readonly failures: readonly FailureModel[];
  readonly tests: readonly TestModel[];
  /** Ids of workers. */
  readonly workers: readonly string[];
  /** What happened beside tests and workers: turns, queues. */
  readonly events: readonly EventModel[];
}

export interface TestModel {
  /** `<file id>:<number>`, as it stands behind `#test=`. */
  readonly id: string;
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'cut off';
  /** 1, or more when Jest tried it again. */
  readonly attempts: number;
  readonly failures: readonly FailureModel[];
  /** What is known of the workers meanwhile, most telling first; of failed tests alone. */
  readonly facts: readonly string[];
}

export interface FailureModel {
  /** The first line. */
  readonly title: string;
  /** What Jest showed, masked, without frames of packages. */
  readonly text: string;
  /** What an error of live-worker takes for the cause, and what to change; of one line or some. */
  readonly cause?: string;
  readonly change?: string;
  /** `beforeAll`, `afterAll`; undefined for a test's own and for that of the file. */
  readonly hook?: string;
  readonly place?: { readonly file: string; readonly line: number };
}

export interface WorkerModel {
  /** Unique in the run. */
  readonly id: string;
  readonly name: string;
  readonly shard?: string;
  /** `file`: of one test file. `run`: shared by several. `elsewhere`: attached to, or kept by an earlier run. */
  readonly scope: 'file' | 'run' | 'elsewhere';
  /** Ids of the files that use it. */
  readonly files: readonly string[];
  readonly command?: readonly string[];
  readonly cwd?: string;
  readonly states: readonly StateModel[];
  /** The last answer of each probe. */
  readonly probes: readonly ProbeModel[];
  readonly events: readonly EventModel[];
  readonly logPaths: { readonly stdout: string; readonly stderr: string };
}

export type WorkerState = 'starting' | 'ready' | 'stopping' | 'ended' | 'failed' | 'restarting';

export interface StateModel {
  readonly state: WorkerState;
  readonly fromMs: number;
  readonly toMs: number;
  /** `pid 7`, `exit code 3`. */
  readonly detail?: string;
}

export interface ProbeModel {
  readonly probe: string;
  readonly answer: 'ready' | 'pending' | 'fatal';
  readonly why?: string;
  readonly atMs: number;
}

export interface EventModel {
  readonly atMs: number;
  readonly kind: 'queue' | 'turn' | 'probe' | 'worker' | 'log' | 'file';
  readonly text: string;
  /** It is, or may be, the matter of a failure. */
  readonly isBad?: boolean;
}

/** What a worker told of itself by OpenTelemetry. */
export interface SpanModel {
  readonly worker: string;
  readonly trace: string;
  readonly id: string;
  readonly parent?: string;
  /** The test whose trace it is under, at whatever time. */
  readonly test?: string;
  readonly name: string;
  /** `client`, `consumer` */
  readonly kind?: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly isBad?: boolean;
  readonly message?: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
}

/** What one worker wrote to one stream within a piece of time. */
export interface LogSlice {
  readonly worker: string;
  readonly stream: 'stdout' | 'stderr';
  /** The test it was written during; undefined between tests. */
  readonly test?: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** The newest part of it, masked. */
  readonly text: string;
  readonly lines: number;
  /** Bytes before `text` that are in the file only. */
  readonly leftOut: number;
}
