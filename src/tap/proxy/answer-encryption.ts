import type { Socket } from 'node:net';

const size = 8;
/** `Int32(8)` and the codes of SSLRequest and GSSENCRequest. */
const requests = [80_877_103, 80_877_104];
const refusal = 'N';

/** What a Postgres client begins with, once its questions about encryption were answered with no. */
export interface Beginning {
  readonly bytes: Buffer;
  /** It would have taken TLS. */
  readonly asksTls: boolean;
}

/** The way from the worker to the tap is not encrypted. Resolves when the client says something else; the socket is paused then. */
export function answerEncryption(client: Socket): Promise<Beginning> {
  return new Promise(resolve => {
    let bytes: Buffer = Buffer.alloc(0);
    let asksTls = false;
    const finish = () => {
      client.pause().off('data', read).off('end', finish).off('close', finish);
      resolve({ bytes, asksTls });
    };
    const read = (piece: Buffer) => {
      bytes = Buffer.concat([bytes, piece]);
      for (let code = requestOf(bytes); code !== undefined; code = requestOf(bytes)) {
        asksTls ||= code === requests[0];
        client.write(refusal);
        bytes = bytes.subarray(size);
      }
      if (bytes.length > 0 && !mayBecomeRequest(bytes)) finish();
    };
    client.on('data', read).once('end', finish).once('close', finish).resume();
  });
}

function requestOf(bytes: Buffer): number | undefined {
  if (bytes.length < size || bytes.readUInt32BE(0) !== size) return undefined;
  const code = bytes.readUInt32BE(4);
  return requests.includes(code) ? code : undefined;
}

function mayBecomeRequest(bytes: Buffer): boolean {
  return (
    bytes.length < size && bytes.subarray(0, 4).equals(Buffer.from([0, 0, 0, size]).subarray(0, bytes.length))
  );
}
