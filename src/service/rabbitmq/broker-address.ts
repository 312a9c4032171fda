import { UnusableUrl } from '../unusable-url.ts';

/** The parts of an AMQP URL that may stand in messages. */
export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly vhost: string;
}

/** All of an AMQP URL, as the clients of Python, Node and Java read it. */
export interface BrokerTarget extends BrokerAddress {
  readonly isTls: boolean;
  readonly password: string;
  readonly query: URLSearchParams;
}

/** The names Celery, pika and others have for `amqp` and `amqps`. */
const schemes: Readonly<Record<string, 'amqp' | 'amqps'>> = {
  amqp: 'amqp',
  pyamqp: 'amqp',
  librabbitmq: 'amqp',
  amqps: 'amqps',
  pyamqps: 'amqps',
  'amqp+ssl': 'amqps',
  'amqp+tls': 'amqps',
  'pyamqp+ssl': 'amqps',
};

/** True for what looks like the URL of a broker, though it may be wrong. */
export function isBrokerUrl(value: string): boolean {
  return schemeOf(value) in schemes;
}

/** @throws UnusableUrl that quotes nothing but the scheme where it is not the URL of one broker; TypeError where it is no URL. */
export function parseBrokerUrl(url: string): BrokerAddress {
  const { host, port, user, vhost } = parseBrokerTarget(url);
  return { host, port, user, vhost };
}

/** @throws as {@link parseBrokerUrl} does. */
export function parseBrokerTarget(url: string): BrokerTarget {
  if (isFailoverList(url)) {
    throw new UnusableUrl(
      'it lists several brokers, of which the worker takes one; name that one for the probe',
    );
  }
  if (url !== url.trim()) throw new UnusableUrl('it has white space before or behind it');
  checkAuthority(/^[a-z][\w+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1] ?? '');
  const parsed = new URL(url);
  const scheme = schemeOf(url);
  const protocol = schemes[scheme];
  if (!protocol) throw new UnusableUrl(`its scheme is "${scheme}", wanted "amqp" or "amqps"`);
  if (!url.slice(scheme.length).startsWith('://')) throw new UnusableUrl('it has no // behind its scheme');
  const isTls = protocol === 'amqps';
  const hasLogin = parsed.username !== '' || parsed.password !== '';
  return {
    host: decode(parsed.hostname).replace(/^\[|\]$/g, '') || 'localhost',
    port: Number(parsed.port) || (isTls ? 5671 : 5672),
    user: checked('user', hasLogin ? decode(parsed.username) : 'guest'),
    password: checked('password', hasLogin ? decode(parsed.password) : 'guest'),
    vhost: checked('vhost', decode(parsed.pathname.slice(1)) || '/'),
    isTls,
    query: parsed.searchParams,
  };
}

export function describeBroker(address: Pick<BrokerAddress, 'host' | 'port'>): string {
  return `RabbitMQ at ${describeAddress(address)}`;
}

export function describeAddress({ host, port }: Pick<BrokerAddress, 'host' | 'port'>): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function schemeOf(url: string): string {
  return /^([a-z][\w+.-]*):/i.exec(url)?.[1]?.toLowerCase() ?? '';
}

/** Celery takes `amqp://one;amqp://two`, or a list with commas between. */
function isFailoverList(url: string): boolean {
  return /[;,]\s*[a-z][\w+.-]*:\/\//i.test(url);
}

/** What `new URL` refuses without a reason. A password may hold commas and colons: only what follows it is looked at. */
function checkAuthority(authority: string): void {
  const place = authority.slice(authority.lastIndexOf('@') + 1);
  if (place.includes(','))
    throw new UnusableUrl(
      'it names several hosts, of which the worker takes one; name that one for the probe',
    );
  const [, port] = /^(?:\[[^\]]*\]|[^:]*):(.*)$/.exec(place) ?? [];
  if (port !== undefined && port !== '' && !(/^\d+$/.test(port) && Number(port) <= 65_535))
    throw new UnusableUrl('its port is no number from 0 to 65535');
}

/** What is no escape stays as it is: a password with a bare % is one to every client. */
function decode(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, escapes => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}

/** SASL PLAIN separates user and password by NUL, and a name of AMQP has at most 255 bytes. */
function checked(what: string, value: string): string {
  if (value.includes('\0')) throw new UnusableUrl(`its ${what} holds a NUL character`);
  if (what === 'vhost' && Buffer.byteLength(value) > 255)
    throw new UnusableUrl(`its vhost has ${Buffer.byteLength(value)} bytes, at most 255 are possible`);
  return value;
}
