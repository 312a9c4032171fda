import { argumentInvalid } from '../errors.ts';
import { createEnvelope, type Envelope, type EnvelopeReply, fieldsOf } from './envelope.ts';

/**
 * What a Celery worker takes from RabbitMQ, in version 2 of its protocol: `publish()` sends the task, `call()` also waits for its
 * result, which a worker with `result_backend='rpc://'` sends back.
 *
 * Source: https://docs.celeryq.dev/en/stable/internals/protocol.html#version-2
 *
 * @example await rabbitmq().call('celery', celeryTask('shop.price', ['teapot'], { currency: 'EUR' }));
 * @throws ARGUMENT_INVALID
 */
export function celeryTask<Result = unknown>(
  task: string,
  args: readonly unknown[] = [],
  kwargs: Readonly<Record<string, unknown>> = {},
): Envelope<Result> {
  if (typeof task !== 'string' || task === '')
    throw argumentInvalid('celeryTask(): task', task, 'the name of a task, such as shop.price');
  if (!Array.isArray(args)) throw argumentInvalid('celeryTask(): args', args, 'an array');
  if (typeof kwargs !== 'object' || kwargs === null || Array.isArray(kwargs))
    throw argumentInvalid('celeryTask(): kwargs', kwargs, 'an object');
  return createEnvelope<Result>({
    wrap: (id = crypto.randomUUID()) => ({
      content: [args, kwargs, { callbacks: null, errbacks: null, chain: null, chord: null }],
      options: {
        contentType: 'application/json',
        contentEncoding: 'utf-8',
        correlationId: id,
        headers: headersOf(task, id, { args, kwargs }),
      },
    }),
    readReply,
    silence:
      "A Celery worker answers with result_backend='rpc://', where the task does not ignore its result",
  });
}

function headersOf(
  task: string,
  id: string,
  { args, kwargs }: { readonly args: unknown; readonly kwargs: unknown },
): Readonly<Record<string, unknown>> {
  return {
    lang: 'js',
    task,
    id,
    root_id: id,
    parent_id: null,
    group: null,
    retries: 0,
    timelimit: [null, null],
    eta: null,
    expires: null,
    argsrepr: JSON.stringify(args),
    kwargsrepr: JSON.stringify(kwargs),
    origin: 'live-worker',
    ignore_result: false,
  };
}

function readReply<Result>(content: unknown): EnvelopeReply<Result> {
  const { status, result } = fieldsOf(content);
  switch (status) {
    case 'SUCCESS':
      return { kind: 'value', value: result as Result };
    case 'FAILURE':
    case 'REVOKED':
    case 'REJECTED':
      return { kind: 'error', summary: describeFailure(status, result), error: content };
    default:
      // STARTED and RETRY are told where the task tracks them.
      return { kind: 'more', value: undefined };
  }
}

function describeFailure(status: string, result: unknown): string {
  const { exc_type: type, exc_message: message } = fieldsOf(result);
  if (typeof type !== 'string') return status;
  const words = Array.isArray(message) ? message.map(String).join(', ') : String(message ?? '');
  return words === '' ? type : `${type}: ${words}`;
}
