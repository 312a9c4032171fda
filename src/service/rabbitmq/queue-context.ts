import type { Timeline } from '../../records/timeline.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { QueueLedger } from '../queue-ledger.ts';
import type { Services } from '../services.ts';

export interface QueueContext {
  readonly services: Services;
  readonly ledger: QueueLedger;
  readonly timeline: Timeline;
  /** They must not show in the command lines of others. */
  readonly secrets: Secrets;
  /** What waits on a queue when a test restarts a worker was sent to it by that test. */
  readonly isFirstStart: boolean;
}
