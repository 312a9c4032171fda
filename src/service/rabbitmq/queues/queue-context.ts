import type { Timeline } from '../../../records/timeline.ts';
import type { Secrets } from '../../../secrets/secrets.ts';
import type { BrokerConnection } from '../broker-connection.ts';
import type { ExpectedConsumers } from './expected-consumers.ts';
import type { QueueDeaths } from './queue-deaths.ts';

export interface QueueContext {
  readonly connection: BrokerConnection;
  readonly consumers: ExpectedConsumers;
  readonly deaths: QueueDeaths;
  readonly timeline: Pick<Timeline, 'record'>;
  /** They must not show in the command lines of other processes. */
  readonly secrets: Secrets;
  /** What waits on a queue when a test restarts a worker was sent to it by that test. */
  readonly isFirstStart: boolean;
}
