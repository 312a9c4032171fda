import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { Refusal } from './refusal.ts';

/** As the protocol wants it, before it is unpacked and after. */
const mostBytes = 16 * 1024 * 1024;

const unpackers = { gzip: promisify(gunzip), deflate: promisify(inflate) } as const;

/** Memory that all bodies which are being received may take together. */
export class BodyBudget {
  #left = 4 * mostBytes;

  /** @throws Refusal */
  take(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw new Refusal(503, 'too much is being received at once');
  }

  giveBack(bytes: number): void {
    this.#left += bytes;
  }
}

/** The body of a request, unpacked. @throws Refusal */
export async function readBody(request: IncomingMessage, budget: BodyBudget): Promise<Uint8Array> {
  const encoding = String(request.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding !== 'identity' && !Object.hasOwn(unpackers, encoding))
    throw new Refusal(415, `the encoding "${encoding}" is not understood: gzip is`);
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) throw tooBig();
  let bytes = 0;
  try {
    const chunks: Buffer[] = [];
    // A request that is destroyed takes its connection along, and the answer.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      budget.take(chunk.length);
      if (bytes > mostBytes) throw tooBig();
      chunks.push(chunk);
    }
    const packed = Buffer.concat(chunks);
    return encoding === 'identity' ? packed : await unpack(packed, encoding as keyof typeof unpackers);
  } finally {
    budget.giveBack(bytes);
  }
}

async function unpack(packed: Buffer, encoding: keyof typeof unpackers): Promise<Uint8Array> {
  try {
    return await unpackers[encoding](packed, { maxOutputLength: mostBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooBig();
    throw new Refusal(400, `it is not ${encoding}`);
  }
}

function tooBig(): Refusal {
  return new Refusal(413, `a body has at most ${mostBytes} bytes, unpacked too`);
}
