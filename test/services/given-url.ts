import { maskedUrl } from './masked-url.ts';
import type { ProvidedService } from './service.ts';
import type { Refusal } from './until-answers.ts';

export interface GivenUrl {
  readonly variable: string;
  readonly url: string;
}

export function givenUrl(variables: readonly string[]): GivenUrl | undefined {
  const variable = variables.find(name => process.env[name]);
  return variable === undefined ? undefined : { variable, url: process.env[variable] ?? '' };
}

/** A user who names a server wants that one, so another is never used in its place. */
export async function useGiven({ variable, url }: GivenUrl, refusal: Refusal): Promise<ProvidedService> {
  const answer = await refusal(url);
  if (answer !== undefined) {
    throw new Error(
      `Cannot use ${variable} ${maskedUrl(url)}: it answered "${answer}"\n` +
        `Correct the value, or unset ${variable} to have a server found or started.`,
    );
  }
  return foundService(url, `given by ${variable}`);
}

export function foundService(url: string, how: string): ProvidedService {
  return { kind: 'provided', value: url, how: `${how}, ${maskedUrl(url)}`, stop: async () => '' };
}
