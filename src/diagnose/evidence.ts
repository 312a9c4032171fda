import type { Interpreter } from '../launch/describe-interpreter.ts';
import type { PythonModulePlaces } from '../launch/find-python-module.ts';
import type { WithheldVariable } from '../launch/plan.ts';
import type { ProbeAnswer } from '../probe/probe.ts';
import type { Endpoint } from '../process/read-sockets.ts';
import type { ProcessExit } from '../process/running-worker.ts';

/** Why a launch did not become ready. */
export type StartFailure =
  | { readonly kind: 'spawn-failed'; readonly error: unknown }
  | { readonly kind: 'exited'; readonly exit: ProcessExit }
  | { readonly kind: 'probe-fatal'; readonly probe: string; readonly why: string }
  | { readonly kind: 'timeout' };

/** Why a worker is no longer of use: its start failed, or it ended unasked after it was ready. */
export type WorkerFailure = StartFailure | { readonly kind: 'died'; readonly exit: ProcessExit };

/** Everything known about a worker at the moment it failed; collected once. No text of it holds a secret. */
export interface Evidence {
  readonly worker: string;
  readonly failure: WorkerFailure;
  /** The program and its arguments. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly rootDir: string;
  readonly interpreter: Interpreter | undefined;
  readonly variables: readonly EvidenceVariable[];
  readonly withheld: readonly WithheldVariable[];
  /** The last lines of both streams since the launch, without colours. */
  readonly output: { readonly stdout: readonly string[]; readonly stderr: readonly string[] };
  readonly logPaths: { readonly stdout: string; readonly stderr: string };
  /** The last answer of every probe. */
  readonly probes: readonly { readonly probe: string; readonly answer: ProbeAnswer | undefined }[];
  readonly startTimeoutMs: number;
  readonly services: readonly ExpectedService[];
  /** What this test file has last seen on the queues it knows. */
  readonly queues: readonly QueueCount[];
  /** The servers its processes were connected to; undefined where that cannot be seen. */
  readonly peers: readonly Endpoint[] | undefined;
  /** Its processes that were still alive. */
  readonly tree: readonly EvidenceProcess[];
  /** Processes of this machine the kernel killed for want of memory since the launch. */
  readonly memoryKills: number;
  readonly search: EvidenceSearch;
}

export interface EvidenceVariable {
  readonly name: string;
  readonly value: string;
  /** Stands behind its name: `set in .env:3`. */
  readonly origin: string;
}

/** A service a probe names. */
export interface ExpectedService {
  readonly kind: 'rabbitmq' | 'postgres';
  readonly endpoint: Endpoint;
  /** The addresses behind the host, as far as they are known. */
  readonly addresses: readonly string[];
  /** Where its URL comes from: `RABBITMQ_URL, set in .env:3`. */
  readonly source: string;
  readonly queues: readonly string[];
}

interface QueueCount {
  readonly queue: string;
  readonly consumers: number;
}

export interface EvidenceProcess {
  readonly pid: number;
  readonly command: string;
}

/** What is looked up only when a rule asks. */
interface EvidenceSearch {
  listenersOn(port: number): readonly EvidenceProcess[];
  pythonModule(module: string): PythonModulePlaces;
}
