import type { ChannelModel } from 'amqplib';
import { LiveWorkerError } from '../../errors.ts';
import { askRefusal } from './ask-refusal.ts';
import { parseBrokerTarget } from './broker-address.ts';
import { type TlsFiles, tlsOptions } from './tls-options.ts';

/** A broker that sends nothing for so long is not waited for any longer; slow lines take seconds for each step of a login. */
const silenceLimitMs = 10_000;

/** Begins the message of an error that tells what the broker said of the vhost. */
export const openingRefused = 'Opening refused by server';

export interface BrokerLogin {
  readonly url: string;
  /** What the broker shows of the connection. */
  readonly name: string;
  /** What the worker trusts besides what its URL says. */
  readonly tls?: TlsFiles | undefined;
}

/**
 * Logs in. Nothing of the URL's query reaches amqplib, which throws at sizes it cannot encode; no heartbeat is asked for,
 * because a test that blocks the event loop would lose the connection.
 *
 * @throws an error of amqplib
 */
export async function connectBroker({ url, name, tls }: BrokerLogin): Promise<ChannelModel> {
  const target = parseBrokerTarget(url);
  const { isTls, host, port, user, password, vhost, query } = target;
  const { connect } = await loadAmqplib();
  const opening = connect(
    {
      protocol: isTls ? 'amqps' : 'amqp',
      hostname: host,
      port,
      username: user,
      password,
      vhost: encodeURIComponent(vhost),
      heartbeat: 0,
    },
    {
      noDelay: true,
      timeout: silenceLimitMs,
      clientProperties: { connection_name: name },
      ...(isTls ? tlsOptions(query, tls) : {}),
    },
  );
  return opening.catch(async error => {
    if (!/Expected ConnectionOpenOk/.test(error?.message)) throw error;
    const refusal = await askRefusal(target, tls);
    throw refusal ? new Error(`${openingRefused}: ${refusal.code} ${refusal.text}`, { cause: error }) : error;
  });
}

/** It is a dependency of this package; another version than ours, or none, is a fault of the installation. */
async function loadAmqplib(): Promise<typeof import('amqplib')> {
  try {
    return await import('amqplib');
  } catch (error) {
    const { code = 'no code' } = error as { readonly code?: string };
    throw new LiveWorkerError(
      'SERVICE_UNAVAILABLE',
      `Cannot talk to RabbitMQ: the package amqplib cannot be loaded (${code})\nInstall the dependencies of jest-environment-live-worker again`,
      { cause: error },
    );
  }
}
