/** The parts of an AMQP URL that may stand in messages. */
export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly vhost: string;
}

/** @throws TypeError when it is no `amqp:` or `amqps:` URL. */
export function parseBrokerUrl(url: string): BrokerAddress {
  const parsed = new URL(url);
  if (parsed.protocol !== 'amqp:' && parsed.protocol !== 'amqps:') {
    throw new TypeError(`its scheme is "${parsed.protocol.slice(0, -1)}", wanted "amqp" or "amqps"`);
  }
  return {
    host: parsed.hostname,
    port: Number(parsed.port) || (parsed.protocol === 'amqps:' ? 5671 : 5672),
    user: decodeURIComponent(parsed.username) || 'guest',
    vhost: parsed.pathname.length > 1 ? decodeURIComponent(parsed.pathname.slice(1)) : '/',
  };
}

export function describeBroker({ host, port }: BrokerAddress): string {
  return `RabbitMQ at ${host}:${port}`;
}
