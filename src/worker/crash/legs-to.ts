import type { ServiceUse } from '../../service/service.ts';
import type { Services } from '../../service/services.ts';
import type { TapLeg } from '../../tap/launch-tap.ts';
import type { SessionWorker } from '../session-worker.ts';

/** The legs of a worker's tap that lead to a service; of several of its kind, those to the very server where they can be told. */
export function legsTo(
  worker: SessionWorker,
  { services, kind, url }: { readonly services: Services; readonly kind: string; readonly url: string },
): readonly TapLeg[] {
  const { protocol } = services.kind(kind);
  const legs = (worker.prepared?.tap?.legs ?? []).filter(leg => leg.protocol === protocol);
  const { host, port } = services.client(kind).endpointOf({ url } as ServiceUse);
  const exact = legs.filter(
    ({ address }) => 'host' in address && address.host === host && address.port === port,
  );
  return exact.length > 0 ? exact : legs;
}
