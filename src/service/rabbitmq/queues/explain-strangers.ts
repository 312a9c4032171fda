import { LiveWorkerError } from '../../../errors.ts';
import { describeStranger, type Stranger } from '../../../process/table/describe-stranger.ts';

export interface Strangers {
  readonly worker: string;
  readonly queue: string;
  readonly count: number;
  /** Processes of this machine that may be them, the likeliest first. */
  readonly candidates: readonly Stranger[];
}

export function explainStrangers(strangers: Strangers): LiveWorkerError {
  const { worker, queue, count, candidates } = strangers;
  const lines = [
    `Cannot start worker "${worker}": ${describeStrangers(strangers)}`,
    ...describeCandidates(candidates),
    "change: stop the other consumer, or set strangers: 'warn' or 'ignore' on the probe of this queue",
  ];
  return new LiveWorkerError('STRANGERS_ON_QUEUE', lines.join('\n'), {
    details: { worker, queue, strangers: count, candidates },
  });
}

export function describeStrangers({ queue, count }: Pick<Strangers, 'queue' | 'count'>): string {
  const [consumers, are] = count === 1 ? ['consumer', 'is'] : ['consumers', 'are'];
  return `queue "${queue}" already has ${count} ${consumers} that ${are} not this worker's and would take its messages`;
}

function describeCandidates(candidates: Strangers['candidates']): readonly string[] {
  if (candidates.length === 0) {
    return [
      'cause:  another consumer; no process of this machine that may be looked at is connected to that broker',
    ];
  }
  return [
    'cause:  another consumer; candidates on this machine, connected to that broker:',
    ...candidates.map(describeStranger),
  ];
}
