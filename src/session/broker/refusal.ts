import { isLiveWorkerError, LiveWorkerError } from '../../errors.ts';
import { describeBroker } from '../../probe/rabbitmq/broker-address.ts';
import type { BrokerConnection } from '../../probe/rabbitmq/broker-connection.ts';
import { judgeBrokerError } from '../../probe/rabbitmq/judge-broker-error.ts';

/** CONNECTION_FORCED and INTERNAL_ERROR of AMQP: the broker stops, or fails. */
const ofServer = new Set([320, 541]);

/** What a failed request to the broker of a test is thrown as. @param what stands behind "Cannot" */
export function explainRefusal(what: string, error: unknown, connection: BrokerConnection): LiveWorkerError {
  if (isLiveWorkerError(error)) return error;
  const { address } = connection;
  const { code, message } = error as { readonly code?: unknown; readonly message?: string };
  const details = { code: typeof code === 'number' ? code : null };
  if (typeof code === 'number' && !ofServer.has(code)) {
    const place = `${describeBroker(address)}, vhost "${address.vhost}"`;
    return new LiveWorkerError(
      'BROKER_REFUSED',
      `Cannot ${what}: ${describeReply(code, message)}\nat ${place}`,
      {
        details,
        cause: error,
      },
    );
  }
  if (code === undefined && !(error instanceof Error && isOfConnection(error))) {
    return new LiveWorkerError(
      'BROKER_REFUSED',
      `Cannot ${what}: ${describeFault(message ?? String(error))}`,
      {
        cause: error,
      },
    );
  }
  const { why } = judgeBrokerError(error, address);
  return new LiveWorkerError('SERVICE_UNAVAILABLE', `Cannot ${what}: ${why}`, { details, cause: error });
}

function describeFault(message: string): string {
  return message === 'message nacked'
    ? 'the broker did not take the message (nack): is a queue for it full, or its disk?'
    : message;
}

/** What amqplib says of a connection that is not there or did not come to be. */
function isOfConnection({ message }: Error): boolean {
  return /^(Channel|channel|Connection|Socket|Handshake|Expected|Opening|connect|Unexpected|Heartbeat|Frame)\b/.test(
    message,
  );
}

function describeReply(code: number, message = ''): string {
  const text = /with message "([\s\S]*)"$/.exec(message)?.[1] ?? message;
  const [, said = text] = /^[A-Z_]+ - ([\s\S]*)$/.exec(text) ?? [];
  return `${said} (${code})`;
}
