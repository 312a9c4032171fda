import { describeEndpoint } from '../../diagnose/endpoints.ts';
import { LiveWorkerError } from '../../errors.ts';
import { describeStranger, type Stranger } from '../../process/table/describe-stranger.ts';

export interface PortStrangers {
  readonly worker: string;
  readonly host: string;
  readonly port: number;
  readonly answerer: 'this machine' | 'another machine';
  /** Those who listen on that port of this machine, as far as they may be looked at. */
  readonly candidates: readonly Stranger[];
}

/** The error of a worker whose probe another process would satisfy. */
export function explainPortStrangers(strangers: PortStrangers): LiveWorkerError {
  const { worker, host, port, candidates } = strangers;
  const lines = [
    `Cannot start worker "${worker}": ${describePortStrangers(strangers)}`,
    ...describeHolders(strangers),
    "change: stop the other process, or give the worker a free port: ports: ['NAME_OF_ITS_PORT_VARIABLE']; strangers: 'ignore' on the probe is for a server that is meant to be there",
  ];
  return new LiveWorkerError('STRANGERS_ON_PORT', lines.join('\n'), {
    details: { worker, host, port, candidates },
  });
}

export function describePortStrangers(address: Pick<PortStrangers, 'host' | 'port'>): string {
  return `a process listens on ${describeEndpoint(address)} already and would answer its probe`;
}

function describeHolders({ answerer, candidates }: PortStrangers): readonly string[] {
  if (answerer === 'another machine') return ['cause:  that address is not of this machine'];
  if (candidates.length === 0)
    return ['cause:  the port is held by a process that this user may not look at, or of a container'];
  return ['cause:  the port is held by', ...candidates.slice(0, 5).map(describeStranger)];
}
