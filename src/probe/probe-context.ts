/** Hands over an output chunk by chunk; undefined when there is no more yet. A note says that the text before it is gone. */
export interface LogReader {
  next(): { readonly text: string } | { readonly note: string } | undefined;
}

export interface OpenedSocket {
  readonly localPort: number;
  readonly peer: { readonly host: string; readonly port: number };
}

/** What probes need of the worker and of the session: narrow functions, so that a test needs neither. */
export interface ProbeContext {
  readonly cwd: string;
  readonly rootDir: string;
  readonly env: Readonly<Record<string, string>>;
  /** Names the probe in messages: `workers.ops.ready[0]`. */
  readonly where: string;
  /** Reads what this launch of the worker writes, from its beginning on. */
  openLog(stream: 'stdout' | 'stderr'): LogReader;
  /** True once the worker has written to LIVE_WORKER_READY_FD. */
  isNotified(): boolean;
  runCommand(
    command: readonly string[],
    limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<{ readonly code: number | undefined; readonly lastLine: string }>;
  /** The default export of a JavaScript or TypeScript module. */
  loadModule(path: string): Promise<unknown>;
}
