import { isTlsParameter } from './tls-options.ts';

const plainSchemes: readonly (readonly [RegExp, string])[] = [
  [/^(py)?amqps:/i, '$1amqp:'],
  [/^(py)?amqp\+(?:ssl|tls):/i, '$1amqp:'],
];

/** A place, and where it is another user's, the login as it is written: `user:password`. */
export interface PointedBroker {
  readonly host: string;
  readonly port: number;
  readonly login?: string;
}

/** The URL with another place and without TLS; all else, the login first, stays as it is written. */
export function pointBrokerUrl(url: string, { host, port, login }: PointedBroker): string {
  const [, scheme = '', written = '', path = '', query = '', hash = ''] =
    /^([^:]*:\/\/)([^/?#]*@)?[^/?#]*([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(url) ?? [];
  const plain = plainSchemes.reduce((text, [pattern, name]) => text.replace(pattern, name), scheme);
  const kept = query.split('&').filter(pair => pair !== '' && !isTlsParameter(pair.split('=')[0] ?? ''));
  const as = login === undefined ? written : `${login}@`;
  return `${plain}${as}${host}:${port}${path}${kept.length > 0 ? `?${kept.join('&')}` : ''}${hash}`;
}
