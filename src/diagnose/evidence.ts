import type { Interpreter } from '../launch/executable/describe-interpreter.ts';
import type { FoundPythonModule } from '../launch/executable/find-python-module.ts';
import type { WithheldVariable } from '../launch/plan.ts';
import type { NearestLine } from '../probe/find-nearest-line.ts';
import type { ProbeAnswer } from '../probe/probe.ts';
import type { ProbeTarget } from '../probe/probe-target.ts';
import type { ProcessExit } from '../process/running-worker.ts';
import type { MemoryKills } from '../process/table/read-memory-kills.ts';
import type { Endpoint } from '../process/table/read-sockets.ts';

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
  /** Its option: empty, or a pipe that is kept open. */
  readonly stdin: 'ignore' | 'pipe';
  readonly rootDir: string;
  readonly interpreter: Interpreter | undefined;
  readonly variables: readonly EvidenceVariable[];
  readonly withheld: readonly WithheldVariable[];
  /** The last lines of both streams since the launch, without colours. */
  readonly output: { readonly stdout: readonly string[]; readonly stderr: readonly string[] };
  /** What became of the logs since the launch that the output may lack. */
  readonly notes: readonly string[];
  readonly logPaths: { readonly stdout: string; readonly stderr: string };
  /** The command that repeats this launch by hand. */
  readonly replay?: string | undefined;
  /** The last answer of every probe. */
  readonly probes: readonly EvidenceProbe[];
  readonly startTimeoutMs: number;
  readonly services: readonly ExpectedService[];
  /** What this test file has last seen on the queues it knows. */
  readonly queues: readonly QueueCount[];
  /** The queues its own connections consume from, by the broker's management API; undefined where that does not tell. */
  readonly consumedQueues: readonly string[] | undefined;
  /** Queues of its probes that have consumers in another vhost of the same broker. */
  readonly elsewhere: readonly QueueElsewhere[];
  /** The servers its processes were connected to; undefined where that cannot be seen. */
  readonly peers: readonly Endpoint[] | undefined;
  /** The addresses they listen on, and the servers that have not accepted their connection yet; undefined as `peers`. */
  readonly listening: readonly Endpoint[] | undefined;
  readonly connecting: readonly Endpoint[] | undefined;
  /** The Unix sockets they listen on. */
  readonly listeningPaths: readonly string[];
  /** Its processes that were still alive. */
  readonly tree: readonly EvidenceProcess[];
  /** The one among them that stays when the program it runs ends: `nodemon`. */
  readonly watcher?: { readonly name: string; readonly pid: number } | undefined;
  /** By how much the kernel's count of out-of-memory kills rose since the launch; undefined where it keeps none. */
  readonly memoryKills: MemoryKills | undefined;
  /** Messages that stood on its queues before its first start. */
  readonly leftOver: readonly LeftOverMessages[];
  /** Where its processes were when it missed its deadline, as far as their runtimes say. */
  readonly stacks: readonly EvidenceStacks[];
  /** Those of its processes that ran without a pause then. */
  readonly busy: readonly number[];
  readonly search: EvidenceSearch;
  /** What passed between it and its services; undefined for a worker without a tap. */
  readonly tap?: EvidenceTap | undefined;
  /** The `live-worker run` that holds the worker, when this test file only attached to it. */
  readonly holder?: number | undefined;
}

interface EvidenceProbe {
  readonly probe: string;
  readonly answer: ProbeAnswer | undefined;
  readonly target?: ProbeTarget | undefined;
}

export interface EvidenceVariable {
  readonly name: string;
  readonly value: string;
  /** Stands behind its name: `set in .env:3`. */
  readonly origin: string;
}

/** As whom and where on a service a probe looks. */
export interface ExpectedLogin {
  readonly user?: string;
  readonly vhost?: string;
}

/** A service a probe names. */
export interface ExpectedService extends ExpectedLogin {
  /** That of its probe: `rabbitmq`. */
  readonly kind: string;
  /** `RabbitMQ` */
  readonly title: string;
  /** A worker that is ready is connected to a broker; to a database when it needs it. */
  readonly role: 'broker' | 'database';
  readonly endpoint: Endpoint;
  /** The addresses behind the host, as far as they are known. */
  readonly addresses: readonly string[];
  /** Where its URL comes from: `RABBITMQ_URL, set in .env:3`. */
  readonly source: string;
  readonly queues: readonly string[];
}

/** What a tap saw of one launch, without secrets. */
export interface EvidenceTap {
  readonly legs: readonly EvidenceLeg[];
  /** The servers its processes are connected to past the tap; undefined as `peers`. */
  readonly direct: readonly Endpoint[] | undefined;
  /** The last of each kind last. */
  readonly refusals: readonly EvidenceRefusal[];
}

/** One service the tap leads to. */
export interface EvidenceLeg {
  readonly protocol: 'amqp' | 'postgres';
  /** `127.0.0.1:5672`, or the path of a socket. */
  readonly service: string;
  readonly endpoint: Endpoint | undefined;
  /** Where the worker's variables lead: the tap's own end. */
  readonly entrance: Endpoint;
  readonly variables: readonly string[];
  /** Connections that came, those that are closed included. */
  readonly arrivals: number;
  /** Why none could be passed on. */
  readonly unreachable?: string | undefined;
  /** Those that are open. */
  readonly brokers: readonly {
    readonly user: string | undefined;
    readonly vhost: string | undefined;
    readonly queues: readonly string[];
  }[];
}

interface EvidenceRefusal {
  readonly protocol: 'amqp' | 'postgres';
  readonly service: string;
  readonly code: string;
  readonly text: string;
  readonly statement?: string;
  readonly isFinal: boolean;
  readonly agoMs: number;
}

interface EvidenceStacks {
  readonly pid: number;
  readonly runtime: string;
  /** As its runtime wrote it. */
  readonly text: string;
}

interface QueueCount {
  readonly queue: string;
  readonly consumers: number;
}

export interface QueueElsewhere {
  readonly queue: string;
  readonly consumers: number;
  readonly vhost: string;
  readonly probedVhost: string;
  /** Names the vhost; undefined for the default of clients. */
  readonly variable: string | undefined;
}

interface LeftOverMessages {
  readonly queue: string;
  readonly messages: number;
}

export interface EvidenceProcess {
  readonly pid: number;
  readonly command: string;
}

export type LogTarget = Extract<ProbeTarget, { readonly kind: 'log' }>;
export type PathTarget = Extract<ProbeTarget, { readonly kind: 'file' | 'socket' }>;

/** What is looked up only when a rule asks. */
interface EvidenceSearch {
  listenersOn(port: number): readonly EvidenceProcess[];
  pythonModule(module: string): FoundPythonModule;
  /** The line of the output that is most like the pattern; undefined when none is near. */
  nearestLine(target: LogTarget): NearestLine | undefined;
  /** What is there instead of a path that is not. */
  nearestPath(target: PathTarget): string | undefined;
  /** A line of a source file, as an interpreter names it. */
  sourceLine(path: string, line: number): string | undefined;
  /** A file the missing one may have been meant for. */
  nearestFile(path: string): string | undefined;
}
