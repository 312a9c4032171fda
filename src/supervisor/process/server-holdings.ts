import type { ProvidedServer } from '../../service/server-capability.ts';
import type { ReportedError, RunSession, ServersOrder, SharedWorkerStatus } from '../protocol.ts';
import type { Rest, StoppedWorkers } from './holdings.ts';

/** What a supervisor says to a test file about the servers it uses. */
export interface ServerUser {
  /** A line for its terminal. */
  notice(text: string): void;
  /** One of them is gone. */
  lost(error: ReportedError): void;
}

/** How the commands and the management API of a server of ours are reached. */
export interface OwnServerSettings {
  readonly managementUrl?: string | undefined;
  readonly commandEnvironment?: Readonly<Record<string, string>> | undefined;
}

/** The servers a supervisor starts for its run. */
export interface ServerHoldings {
  /**
   * Decides where each server of the order comes from; what is started answers later. `user` stands for the test file until it is taken
   * back.
   *
   * @throws SERVER_UNAVAILABLE
   */
  provide(order: ServersOrder, user: ServerUser): Promise<readonly ProvidedServer[]>;
  /** Resolves when those of the test file answer and have its places. @throws SERVER_UNAVAILABLE */
  untilUp(user: ServerUser): Promise<void>;
  end(user: ServerUser): void;
  /** Of the server of ours that a URL leads to; undefined for all others. */
  settingsOf(url: string): OwnServerSettings | undefined;
  /** True for one of ours that is gone: nothing on it is to be dropped. */
  isGone(url: string): boolean;
  /** The run is over: stops what is not to outlive it. */
  rest(session: RunSession | undefined): Promise<Rest>;
  /** What outlived its run belongs to this one. */
  beginRun(): void;
  /** Stops what no test file uses: all of a project, or one by its name. */
  stopUnused(rootDir: string, name: string | undefined): Promise<StoppedWorkers>;
  list(): readonly SharedWorkerStatus[];
  /** Resolves when nothing of them is left, with what went wrong. */
  stop(): Promise<readonly unknown[]>;
}
