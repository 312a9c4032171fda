import type { SlotLease, SlotRequest } from '../../service/slot-lease.ts';
import { ownOrigin } from '../../worker/prepare/plan-launch.ts';
import { unpackError } from '../reported-error.ts';
import { openSupervisor } from './open-supervisor.ts';
import { joinRun, placeOfRun } from './run-membership.ts';

/**
 * Slots for one test file. They are held by a connection of their own: however this process ends, they are dropped.
 *
 * @throws SUPERVISOR_UNSAFE, SUPERVISOR_NOT_STARTED, SUPERVISOR_LOST, REPORTER_MISSING, SLOT_UNAVAILABLE, PREPARE_FAILED, OPTIONS_INVALID
 */
export async function openSlots(request: SlotRequest): Promise<SlotLease> {
  await joinRun();
  const client = await openSupervisor(placeOfRun());
  client.listen(push => {
    if (push.kind === 'notice') process.stderr.write(push.text);
  });
  const answer = await client.ask({ kind: 'slots', order: { ...request, env: ownOrigin().env } });
  if (answer.kind === 'refused') {
    client.end();
    throw unpackError(answer.error);
  }
  let isEnded = false;
  return {
    slots: answer.slots,
    lost: new Promise(resolve => {
      void client.closed.then(() => {
        if (!isEnded) resolve(client.lost());
      });
    }),
    async keep() {
      const kept = await client.ask({ kind: 'keepSlots' });
      if (kept.kind === 'refused') throw unpackError(kept.error);
    },
    end() {
      isEnded = true;
      client.end();
    },
  };
}
