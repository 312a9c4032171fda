import { foundService, type GivenUrl, useGiven } from './given-url.ts';
import { type ServiceAttempt, unavailable } from './service.ts';
import type { Refusal } from './until-answers.ts';

export interface FindableService {
  readonly given: GivenUrl | undefined;
  /** Of the usual port of this machine, each with another login. */
  readonly usualUrls: readonly [string, ...string[]];
  readonly refusal: Refusal;
}

/** The server the environment names, else the usual one where it answers. */
export async function findService({ given, usualUrls, refusal }: FindableService): Promise<ServiceAttempt> {
  if (given) return useGiven(given, refusal);
  const answers = new Set<string>();
  for (const url of usualUrls) {
    const answer = await refusal(url);
    if (answer === undefined) return foundService(url, 'found on this machine');
    answers.add(answer);
  }
  return unavailable(`${new URL(usualUrls[0]).host} answered "${[...answers].join('", "')}"`);
}
