import type { Probe, ProbeAnswer } from '../../probe/probe.ts';
import type { Secrets } from '../../secrets/secrets.ts';

/** The same probe; what servers, commands and the user's own modules answer shows no secret. */
export function maskedProbe(probe: Probe, secrets: Secrets): Probe {
  const hide = (why: string) => secrets.quote(why);
  return {
    ...probe,
    description: secrets.mask(probe.description),
    async check(signal) {
      try {
        return maskAnswer(await probe.check(signal), hide);
      } catch (error) {
        throw new Error(hide(error instanceof Error ? error.message : String(error)));
      }
    },
  };
}

function maskAnswer(answer: ProbeAnswer, hide: (why: string) => string): ProbeAnswer {
  return answer.kind === 'ready' ? answer : { ...answer, why: hide(answer.why) };
}
