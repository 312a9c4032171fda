import { parseBrokerTarget } from './broker-address.ts';

/** Where the management API of a broker is, and how to log in there. */
export interface ManagementLogin {
  /** @param path behind `/api/`, encoded */
  urlOf(path: string): URL;
  readonly authorization: string;
}

/** @param url its user and password included; those of `brokerUrl` are taken where it has none */
export function managementLogin(url: string, brokerUrl: string): ManagementLogin {
  const base = new URL(url);
  const { user, password } = parseBrokerTarget(brokerUrl);
  const login =
    base.username === ''
      ? `${user}:${password}`
      : `${decodeURIComponent(base.username)}:${decodeURIComponent(base.password)}`;
  base.username = '';
  base.password = '';
  return {
    urlOf: path => new URL(`${base.pathname.replace(/\/$/, '')}/api/${path}`, base),
    authorization: `Basic ${Buffer.from(login).toString('base64')}`,
  };
}
