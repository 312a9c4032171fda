import { relative } from 'node:path';
import { notice } from '../../text/notice.ts';
import { FileSnapshot } from './file-snapshot.ts';
import { listWatchedFiles, type WatchedFilesOrder } from './list-watched-files.ts';

/** The files a worker was made of when it was started. */
export class WorkerFiles {
  readonly #order: WatchedFilesOrder;
  readonly #snapshot: FileSnapshot;

  private constructor(order: WatchedFilesOrder, snapshot: FileSnapshot) {
    this.#order = order;
    this.#snapshot = snapshot;
  }

  /** @throws OPTIONS_INVALID where they cannot be listed */
  static async remember(order: WatchedFilesOrder): Promise<WorkerFiles> {
    return new WorkerFiles(order, await FileSnapshot.take(await listWatchedFiles(order)));
  }

  /** The first one that has changed since, from cwd; undefined where none has. @throws OPTIONS_INVALID */
  async findChange(): Promise<string | undefined> {
    const changed = await this.#snapshot.findChange(await listWatchedFiles(this.#order));
    return changed && relative(this.#order.plan.cwd, changed);
  }
}

export interface KeepingOrder {
  readonly keepForMs: number;
  readonly isWatching: boolean;
}

/**
 * What a worker that may outlive its run is made of, now; undefined for one that is not going to.
 *
 * @throws OPTIONS_INVALID where `keepAliveMs` asks for it and the files cannot be listed; in watch mode alone the user is told
 */
export async function rememberFiles(
  order: WatchedFilesOrder,
  { keepForMs, isWatching }: KeepingOrder,
): Promise<WorkerFiles | undefined> {
  if (keepForMs === 0 && !isWatching) return undefined;
  try {
    return await WorkerFiles.remember(order);
  } catch (error) {
    if (keepForMs > 0 || order.spec.watch) throw error;
    notice(
      `worker "${order.spec.name}" is started anew for each run of watch mode: ${(error as Error).message}`,
    );
    return undefined;
  }
}
