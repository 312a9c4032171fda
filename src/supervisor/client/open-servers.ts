import type { LiveWorkerError } from '../../errors.ts';
import type { ServerLease, ServerRequest } from '../../service/server-lease.ts';
import { ownOrigin } from '../../worker/prepare/plan-launch.ts';
import { deferred } from '../../worker/runner/deferred.ts';
import { unpackError } from '../reported-error.ts';
import { openSupervisor } from './open-supervisor.ts';
import { joinRun, placeOfRun } from './run-membership.ts';

/**
 * The servers of the run that a test file needs, started where there are none yet. They are used as long as a connection of its own.
 *
 * @param keepAliveMs how long they are to outlive the run
 * @throws SUPERVISOR_UNSAFE, SUPERVISOR_NOT_STARTED, SUPERVISOR_LOST, REPORTER_MISSING, SERVER_UNAVAILABLE
 */
export async function openServers(request: ServerRequest, keepAliveMs: number): Promise<ServerLease> {
  await joinRun();
  const client = await openSupervisor(placeOfRun());
  const lost = deferred<LiveWorkerError>();
  let isEnded = false;
  client.listen(push => {
    if (push.kind === 'notice') process.stderr.write(push.text);
    if (push.kind === 'serverLost') lost.resolve(unpackError(push.error) as LiveWorkerError);
  });
  void client.closed.then(() => {
    if (!isEnded) lost.resolve(client.lost());
  });
  const end = () => {
    isEnded = true;
    client.end();
  };
  const order = { ...request, env: { ...ownOrigin().env }, keepAliveMs };
  const answer = await client.ask({ kind: 'servers', order });
  if (answer.kind === 'refused') {
    end();
    throw unpackError(answer.error);
  }
  return {
    servers: answer.servers,
    async untilUp() {
      const up = await client.ask({ kind: 'untilServersUp' });
      if (up.kind === 'refused') throw unpackError(up.error);
    },
    lost: lost.promise,
    end,
  };
}
