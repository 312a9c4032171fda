import { parseBrokerTarget } from '../broker-address.ts';

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
    const base = new URL(url);
    const { user, password } = parseBrokerTarget(brokerUrl);
    const login =
      base.username === ''
        ? `${user}:${password}`
        : `${decodeURIComponent(base.username)}:${decodeURIComponent(base.password)}`;
    base.username = '';
    base.password = '';
    const response = await fetch(new URL(`${base.pathname.replace(/\/$/, '')}/api/${path}`, base), {
      headers: { authorization: `Basic ${Buffer.from(login).toString('base64')}` },
      signal: AbortSignal.timeout(limitMs),
    });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}
