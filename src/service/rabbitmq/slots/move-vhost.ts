import type { SlotMove } from '../../slot.ts';
import { isBrokerUrl, parseBrokerUrl } from '../broker-address.ts';

const onThisMachine = /^(?:localhost|127(?:\.\d+){3}|::1)$/i;

/** @throws UnusableUrl */
export function placeOfVhost(url: string): string {
  const { host, port, vhost } = parseBrokerUrl(url);
  const name = onThisMachine.test(host) ? 'localhost' : host.toLowerCase();
  return `${name}:${port}/${encodeURIComponent(vhost)}`;
}

/** Only the vhost changes: login, host and parameters stay as they are written. */
export function moveBrokerUrl(text: string, { place, name }: SlotMove): string | undefined {
  if (!isBrokerUrl(text) || placeIfAny(text) !== place) return undefined;
  return withVhost(text, name);
}

/** The same broker, as the same user. */
export function withVhost(url: string, vhost: string): string {
  return url.replace(
    /^(.*?:\/\/[^/?#]*)(?:\/[^?#]*)?/s,
    (_, before: string) => `${before}/${encodeURIComponent(vhost)}`,
  );
}

function placeIfAny(url: string): string | undefined {
  try {
    return placeOfVhost(url);
  } catch {
    return undefined;
  }
}
