import { type Probe, type ProbeAnswer, pending } from '../../probe/probe.ts';
import { type BrokerAddress, describeBroker } from './broker-address.ts';

const attemptMs = 2_000;

export interface PatientQuestion {
  readonly address: BrokerAddress;
  readonly description: string;
  ask(): Promise<ProbeAnswer>;
}

/**
 * A probe of a broker that may be far away: an answer that takes longer than an attempt is that of the next one, and is not
 * asked for again meanwhile.
 */
export function patientProbe({ address, description, ask }: PatientQuestion): Probe {
  let asking: Promise<ProbeAnswer> | undefined;
  let askedAt = 0;
  return {
    description,
    attemptTimeoutMs: 2 * attemptMs,
    async check() {
      if (!asking) {
        askedAt = performance.now();
        asking = ask().finally(() => {
          asking = undefined;
        });
      }
      return await answerOr(asking, () => {
        const seconds = Math.round((performance.now() - askedAt) / 1_000);
        return pending(
          `${describeBroker(address)} has not answered for ${seconds} s: is it slow, frozen, or is that no AMQP port?`,
        );
      });
    },
  };
}

async function answerOr(asking: Promise<ProbeAnswer>, late: () => ProbeAnswer): Promise<ProbeAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<ProbeAnswer>(resolve => {
    timer = setTimeout(() => resolve(late()), attemptMs);
  });
  try {
    return await Promise.race([asking, limit]);
  } finally {
    clearTimeout(timer);
  }
}
