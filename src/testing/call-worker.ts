import type { PublishTarget, RabbitmqOperations } from '../session/contract.ts';
import type { EncodedContent } from './encode-content.ts';
import { type Envelope, isEnvelope } from './envelope.ts';
import { nextMatching, type WaitTime } from './listener.ts';
import { messageCalls } from './rabbitmq-listener.ts';
import { type RabbitmqMessage, toMessage } from './rabbitmq-message.ts';
import type { ServiceCall } from './service-calls.ts';
import { unpackFramed } from './unpack.ts';

export interface WorkerCall {
  readonly target: PublishTarget;
  /** As the test gave it. */
  readonly content: unknown;
  readonly encoded: EncodedContent;
  readonly time: WaitTime;
  readonly frames: string;
}

/**
 * Publishes, and resolves with the answer: the first one, or what an envelope says is the last.
 *
 * @throws MESSAGE_UNROUTABLE, CALL_FAILED, WAIT_TIMEOUT
 */
export async function callWorker<Reply>(
  call: ServiceCall<RabbitmqOperations>,
  { target, content, encoded, time, frames }: WorkerCall,
): Promise<RabbitmqMessage<Reply>> {
  const envelope = isEnvelope(content) ? (content as Envelope<Reply>) : undefined;
  const { body, options } = encoded;
  const number = await unpackFramed(call('call', target, body, options, envelope?.silence ?? null), frames);
  const calls = messageCalls(call, number);
  const match = ({ properties }: RabbitmqMessage<Reply>) =>
    properties.correlationId === undefined || properties.correlationId === options.correlationId;
  try {
    for (let last: Reply | undefined; ; ) {
      const message = await nextMatching(calls, received => toMessage<Reply>(received), {
        match,
        time,
        frames,
      });
      if (!envelope) return message;
      const reply = envelope.readReply(message.content);
      if (reply.kind === 'error')
        await unpackFramed(call('failCall', number, reply.summary, reply.error), frames);
      else last = reply.value === undefined ? last : reply.value;
      if (reply.kind === 'value') return { ...message, content: last as Reply };
    }
  } finally {
    await calls.stop();
  }
}
