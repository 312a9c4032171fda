import { judgeNetworkError, type ServiceFailure } from '../service-failure.ts';
import { type BrokerAddress, describeBroker } from './broker-address.ts';

/**
 * Says what an error of amqplib means. amqplib hides the broker's codes in its messages: a refused login is "403" in a
 * text, and a refused vhost only "got <ConnectionClose".
 */
export function judgeBrokerError(error: unknown, address: BrokerAddress): ServiceFailure {
  const message = error instanceof Error ? error.message : String(error);
  const broker = describeBroker(address);
  const network = judgeNetworkError(error, `${address.host}:${address.port}`);
  if (network) return network;
  if (/Handshake terminated by server: 403/.test(message)) {
    return { why: `${broker} refused the login of user "${address.user}" (403)`, passes: false };
  }
  if (/Expected ConnectionOpenOk/.test(message)) {
    return {
      why: `${broker} refused vhost "${address.vhost}" to user "${address.user}" (530): it does not exist, or the user has no permission on it`,
      passes: false,
    };
  }
  if (/Socket closed abruptly during opening handshake|exceeds maxFrameSize/.test(message)) {
    return {
      why: `${address.host}:${address.port} closed the connection during the handshake: is this an AMQP port?`,
      passes: 5_000,
    };
  }
  if (/ETIMEDOUT/.test(message)) {
    return {
      why: `${address.host}:${address.port} accepts connections but does not answer: is this an AMQP port?`,
      passes: true,
    };
  }
  if (/\b541\b/.test(message))
    return { why: `${broker}: vhost "${address.vhost}" is down (541)`, passes: 5_000 };
  const code = /\b(311|402|403|501|502|503|504|505|530|540)\b/.exec(message)?.[1];
  return { why: `${broker}: ${message}`, passes: code === undefined };
}
