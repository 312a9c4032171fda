import { LiveWorkerError } from '../errors.ts';
import type { PublishOptions, RabbitmqOperations, ServiceChoice } from '../session/contract.ts';
import { openService } from './service-calls.ts';
import type { RabbitmqHandle } from './service-handles.ts';
import { unpackLater } from './unpack.ts';

/**
 * The broker of this file's workers: the one the first `rabbitmq` probe is about, that of `worker`, or the one at `url`.
 *
 * @throws ENV_MISSING when no worker names one; NOT_IN_ENVIRONMENT
 */
export function rabbitmq(choice: ServiceChoice = {}): RabbitmqHandle {
  const { url, call } = openService<RabbitmqOperations>('rabbitmq', choice, rabbitmq);
  const handle: RabbitmqHandle = {
    url,
    async publish(target, content, options = {}) {
      const { body, contentType } = encode(content);
      const properties: PublishOptions = contentType === undefined ? options : { contentType, ...options };
      await unpackLater(call('publish', target, body, properties), handle.publish);
    },
    get(queue) {
      return unpackLater(call('get', queue), handle.get);
    },
    purge(queue) {
      return unpackLater(call('purge', queue), handle.purge);
    },
    depth(queue) {
      return unpackLater(call('depth', queue), handle.depth);
    },
  };
  return handle;
}

function encode(content: unknown): { readonly body: Buffer; readonly contentType?: string } {
  if (typeof content === 'string') return { body: Buffer.from(content) };
  if (Buffer.isBuffer(content)) return { body: content };
  if (ArrayBuffer.isView(content))
    return { body: Buffer.from(content.buffer, content.byteOffset, content.byteLength) };
  return { body: Buffer.from(toJson(content)), contentType: 'application/json' };
}

/** @throws BROKER_REFUSED for what JSON has no form of: undefined, a function, a BigInt, a circle. */
function toJson(content: unknown): string {
  try {
    const json = JSON.stringify(content);
    if (json !== undefined) return json;
  } catch (error) {
    throw notJson(content, `: ${(error as Error).message.split('\n', 1)[0]}`);
  }
  throw notJson(content);
}

function notJson(content: unknown, why = ''): LiveWorkerError {
  return new LiveWorkerError(
    'BROKER_REFUSED',
    `Cannot publish ${typeof content}: it has no form in JSON${why}\nGive a text, a Buffer, or what JSON can hold`,
  );
}
