import { argumentInvalid } from '../errors.ts';
import { createEnvelope, type Envelope, type EnvelopeReply, fieldsOf } from './envelope.ts';

/**
 * What a NestJS microservice takes from RabbitMQ: `publish()` makes an event of it, `call()` a request, which resolves with what
 * the handler returns; of an Observable with its last value.
 *
 * @example await rabbitmq().call('orders', nestMessage('order.price', { sku: 'teapot' }));
 * @throws ARGUMENT_INVALID
 */
export function nestMessage<Reply = unknown>(pattern: string | object, data?: unknown): Envelope<Reply> {
  if ((typeof pattern !== 'string' && typeof pattern !== 'object') || pattern === null || pattern === '')
    throw argumentInvalid('nestMessage(): pattern', pattern, 'a text or an object, as of @MessagePattern');
  return createEnvelope<Reply>({
    wrap: id => ({
      content: { pattern, data, ...(id === undefined ? {} : { id }) },
      options: id === undefined ? {} : { correlationId: id },
    }),
    readReply,
    silence: 'Is the handler a @MessagePattern? One of @EventPattern answers nothing',
  });
}

function readReply<Reply>(content: unknown): EnvelopeReply<Reply> {
  const { err, response, isDisposed } = fieldsOf(content);
  if (err) return { kind: 'error', summary: describeError(err), error: err };
  return { kind: isDisposed === true ? 'value' : 'more', value: response as Reply };
}

function describeError(error: unknown): string {
  return typeof error === 'string' ? error : JSON.stringify(error);
}
