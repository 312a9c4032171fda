import { managementLogin } from '../management-login.ts';

const limitMs = 500;

/** The management API of a broker. */
export interface ManagementApi {
  /** Its user and password included; those of `brokerUrl` are taken where it has none. */
  readonly url: string;
  readonly brokerUrl: string;
}

/** What it answers; undefined when that is no success, or takes longer than 500 ms. @param path behind `/api/`, encoded */
export async function askManagement({ url, brokerUrl }: ManagementApi, path: string): Promise<unknown> {
  try {
    const { urlOf, authorization } = managementLogin(url, brokerUrl);
    const response = await fetch(urlOf(path), {
      headers: { authorization },
      signal: AbortSignal.timeout(limitMs),
    });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}
