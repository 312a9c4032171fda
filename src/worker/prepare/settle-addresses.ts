import { findAnswerer, probedAddress } from '../../probe/find-answerer.ts';
import { findListeners } from '../../process/table/find-socket-holders.ts';
import { maskProcess } from '../../process/table/mask-process.ts';
import { readProcessDetails } from '../../process/table/read-process-details.ts';
import type { QueueContext } from '../../service/rabbitmq/queue-context.ts';
import { notice } from '../../text/notice.ts';
import { describePortStrangers, explainPortStrangers } from './explain-port-strangers.ts';
import type { PreparedLaunch } from './prepared-launch.ts';

/**
 * Looks whether somebody else listens where the probes of a worker will ask for it: whoever it is would satisfy them.
 *
 * @throws STRANGERS_ON_PORT unless the probe allows it.
 */
export async function settleAddresses(
  { plan, specs }: PreparedLaunch,
  { timeline, secrets }: Pick<QueueContext, 'timeline' | 'secrets'>,
): Promise<void> {
  for (const probe of specs) {
    if ((probe.kind !== 'tcp' && probe.kind !== 'http') || probe.strangers === 'ignore') continue;
    const address = probedAddress(probe);
    const answerer = await findAnswerer(address);
    timeline.record('address.baseline', { worker: plan.worker, ...address, answerer });
    if (answerer === 'nobody') continue;
    const candidates =
      answerer === 'this machine'
        ? findListeners(address.port).map(entry => ({
            ...maskProcess(entry, secrets),
            ageSeconds: readProcessDetails(entry).ageSeconds,
          }))
        : [];
    const strangers = { worker: plan.worker, ...address, answerer, candidates };
    if (probe.strangers === 'fail') throw explainPortStrangers(strangers);
    notice(`${plan.worker}: ${describePortStrangers(strangers)}`);
  }
}
