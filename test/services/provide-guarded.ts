import type { GuardedOrder, GuardedServer } from './guarded-order.ts';
import { type ServiceAttempt, unavailable } from './service.ts';
import { startGuarded } from './start-guarded.ts';
import { type Refusal, untilAnswers } from './until-answers.ts';

export interface OwnServer {
  readonly order: GuardedOrder;
  readonly refusal: Refusal;
  url(planned: GuardedServer): string;
  /** Such as "private PostgreSQL 15 on port 24001". */
  describe(planned: GuardedServer): string;
}

/** A service that was started, and what else is known of it. */
export type GuardedAttempt = ServiceAttempt & { readonly planned?: GuardedServer };

export async function provideGuarded(server: OwnServer, interruption: AbortSignal): Promise<GuardedAttempt> {
  const guarded = startGuarded(server.order);
  const planned = await guarded.planned;
  if (typeof planned === 'string') {
    await guarded.stop();
    return unavailable(planned);
  }
  const description = server.describe(planned);
  const url = server.url(planned);
  try {
    await untilAnswers(url, server.refusal, guarded, interruption);
  } catch (error) {
    await guarded.stop();
    interruption.throwIfAborted();
    return unavailable(`the ${description} did not start: ${(error as Error).message}`);
  }
  return {
    kind: 'provided',
    value: url,
    planned,
    how: `started a ${description}`,
    stop: async () => `${(await guarded.stop()) ? 'ended' : 'could not end'} the ${description}`,
  };
}
