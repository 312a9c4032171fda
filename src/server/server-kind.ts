import type { PackageNames } from './finding/install-command.ts';
import type { PlannedServer, UnavailableServer } from './server-plan.ts';

/** What is wanted of a server that is about to be planned. */
export interface ServerRequest {
  /** The environment of who runs the tests: where programs are found. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The project, whose packages may hold a server. */
  readonly rootDir: string;
  /** The places that are on it from the start: vhosts. */
  readonly places: readonly string[];
  /** Places are going to be made and dropped for each test file. */
  readonly isForSlots: boolean;
}

/** One kind of server that can be started for a run alone. */
export interface ServerKind {
  /** `RabbitMQ` */
  readonly title: string;
  planPrivate(request: ServerRequest): Promise<PlannedServer | UnavailableServer>;
  planDocker(request: ServerRequest): Promise<PlannedServer | UnavailableServer>;
  readonly packages: PackageNames;
}
