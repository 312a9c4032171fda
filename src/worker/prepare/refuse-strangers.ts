import { findAnswerer, probedAddress } from '../../probe/find-answerer.ts';
import { findListeners } from '../../process/table/find-socket-holders.ts';
import { maskProcess } from '../../process/table/mask-process.ts';
import { readProcessDetails } from '../../process/table/read-process-details.ts';
import type { Timeline } from '../../records/timeline.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { notice } from '../../text/notice.ts';
import { describePortStrangers, explainPortStrangers } from './explain-port-strangers.ts';
import type { PreparedLaunch } from './prepared-launch.ts';

/**
 * Looks whether another process listens where the probes of a worker will ask for it: it would satisfy them.
 *
 * @throws STRANGERS_ON_PORT unless the probe allows it.
 */
export async function refuseStrangers(
  { plan, specs }: PreparedLaunch,
  { timeline, secrets }: { readonly timeline: Timeline; readonly secrets: Secrets },
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
