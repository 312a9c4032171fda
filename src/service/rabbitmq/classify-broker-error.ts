import { isLiveWorkerError } from '../../errors.ts';
import { classifyNetworkError, type ServiceFailure } from '../../probe/service-failure.ts';
import { type BrokerAddress, describeAddress, describeBroker } from './broker-address.ts';
import { openingRefused } from './connect-broker.ts';

/** A connection more would be one of those there are too many of. */
const limitRestMs = 250;

/**
 * Says what an error of amqplib means. amqplib hides the broker's codes in its messages: a refused login is "403" in a
 * text, and a refused vhost only "got <ConnectionClose".
 */
export function classifyBrokerError(error: unknown, address: BrokerAddress): ServiceFailure {
  const message = error instanceof Error ? error.message : String(error);
  const broker = describeBroker(address);
  const at = describeAddress(address);
  if (isLiveWorkerError(error)) return { why: message, passes: false };
  const network = classifyNetworkError(error, at);
  if (network) return network;
  if (/Handshake terminated by server: 403/.test(message)) {
    return { why: `${broker} refused the login of user "${address.user}" (403)`, passes: false };
  }
  if (message.startsWith(openingRefused) || /Expected ConnectionOpenOk/.test(message)) {
    return judgeOpening(message, address);
  }
  if (/Socket closed abruptly during opening handshake|exceeds maxFrameSize/.test(message)) {
    return {
      why: `${at} closed the connection during the handshake: is this an AMQP port?`,
      passes: 5_000,
    };
  }
  if (/ETIMEDOUT/.test(message)) {
    return {
      why: `${at} accepts connections but was silent for 10 s: is it frozen, or is that no AMQP port?`,
      passes: true,
    };
  }
  if (/\b541\b/.test(message))
    return { why: `${broker}: vhost "${address.vhost}" is down (541)`, passes: 5_000 };
  const code = /\b(311|402|403|501|502|503|504|505|530|540)\b/.exec(message)?.[1];
  return { why: `${broker}: ${message}`, passes: code === undefined };
}

/** The vhost was asked for and not given: it is missing, forbidden, down, or there are as many connections as may be. */
function judgeOpening(message: string, address: BrokerAddress): ServiceFailure {
  const { user, vhost } = address;
  const broker = describeBroker(address);
  const refused = `${broker} refused vhost "${vhost}" to user "${user}" (530)`;
  const limit = /limit \((\d+)\) is reached/.exec(message)?.[1];
  if (limit !== undefined) {
    const why = `${broker} has as many connections as the limit of ${limitedBy(message, address)} allows (max-connections ${limit}, 530)`;
    return { why, passes: true, restMs: limitRestMs };
  }
  if (/is down/.test(message)) return { why: `${broker}: vhost "${vhost}" is down`, passes: 5_000 };
  if (/not found/.test(message)) return { why: `${refused}: it does not exist`, passes: false };
  if (/access to vhost .* refused/.test(message))
    return { why: `${refused}: the user has no permission on it`, passes: false };
  return { why: `${refused}: it does not exist, or the user has no permission on it`, passes: 5_000 };
}

function limitedBy(message: string, { user, vhost }: BrokerAddress): string {
  if (/user connection limit/.test(message)) return `user "${user}"`;
  return /node connection limit/.test(message) ? 'the node' : `vhost "${vhost}"`;
}
