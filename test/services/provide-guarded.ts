import type { GuardedPlan } from './guarded-plan.ts';
import { type ServiceAttempt, unavailable } from './service.ts';
import { startGuarded } from './start-guarded.ts';
import { type Refusal, untilAnswers } from './until-answers.ts';

export interface OwnServer {
  readonly plan: GuardedPlan;
  readonly url: string;
  readonly refusal: Refusal;
  /** Such as "private PostgreSQL 15 on port 24001". */
  readonly description: string;
}

export async function provideGuarded(server: OwnServer, interruption: AbortSignal): Promise<ServiceAttempt> {
  const guarded = startGuarded(server.plan);
  try {
    await untilAnswers(server.url, server.refusal, guarded, interruption);
  } catch (error) {
    await guarded.stop();
    interruption.throwIfAborted();
    return unavailable(`the ${server.description} did not start: ${(error as Error).message}`);
  }
  return {
    kind: 'provided',
    value: server.url,
    how: `started a ${server.description}`,
    stop: async () => `${(await guarded.stop()) ? 'ended' : 'could not end'} the ${server.description}`,
  };
}
