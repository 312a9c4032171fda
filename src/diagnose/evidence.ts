import type { ProbeAnswer } from '../probe/probe.ts';
import type { ProcessExit } from '../process/running-worker.ts';

/** Why a launch did not become ready. */
export type StartFailure =
  | { readonly kind: 'spawn-failed'; readonly error: unknown }
  | { readonly kind: 'exited'; readonly exit: ProcessExit }
  | { readonly kind: 'probe-fatal'; readonly probe: string; readonly why: string }
  | { readonly kind: 'timeout' };

/** Everything known about a worker at the moment it failed; collected once. */
export interface Evidence {
  readonly worker: string;
  /** The program and its arguments, without secrets. */
  readonly command: readonly string[];
  readonly cwd: string;
  /** The last lines of both streams since the launch, without colours and secrets. */
  readonly output: { readonly stdout: readonly string[]; readonly stderr: readonly string[] };
  readonly logPaths: { readonly stdout: string; readonly stderr: string };
  /** The last answer of every probe. */
  readonly probes: readonly { readonly probe: string; readonly answer: ProbeAnswer | undefined }[];
  readonly startTimeoutMs: number;
}
