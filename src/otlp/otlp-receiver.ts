import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJsonSpans } from './json/decode-spans.ts';
import { MalformedBody } from './malformed.ts';
import { decodeProtobufSpans } from './protobuf/decode-spans.ts';
import { BodyBudget, readBody } from './receive/read-body.ts';
import { Refusal } from './receive/refusal.ts';
import type { SpanBatch } from './span.ts';

const host = '127.0.0.1';
/** What is under way when the receiver closes is waited for as long. */
const closingMs = 500;
/** After a refusal the rest of a body is read and forgotten as long, so that its sender sees the answer. */
const drainingMs = 1_000;
const signals = /^\/([^/]+)\/([^/]+)\/v1\/(traces|metrics|logs)$/;

export interface OtlpReceiverOptions {
  /** Resolves when the spans are written down. */
  readonly onSpans: (worker: string, batch: SpanBatch) => Promise<void>;
  /** A request was refused. */
  readonly onRefused: (worker: string, why: string) => void;
}

/**
 * Takes what OpenTelemetry's exporters send over HTTP, in protobuf and JSON, from this machine alone. Metrics and logs, which an SDK
 * may send by itself, are answered and forgotten.
 *
 * Source: https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export class OtlpReceiver {
  readonly #options: OtlpReceiverOptions;
  readonly #budget = new BodyBudget();
  readonly #underWay = new Set<Promise<void>>();
  /** A worker of an earlier run may still send to a port that is ours now. */
  readonly #token = randomBytes(8).toString('hex');
  readonly #server = createServer({ requestTimeout: 30_000 }, (request, response) => {
    const answering = this.#answer(request, response).catch(() => void response.destroy());
    this.#underWay.add(answering);
    void answering.then(() => this.#underWay.delete(answering));
  });
  #opened: Promise<unknown> | undefined;

  constructor(options: OtlpReceiverOptions) {
    this.#options = options;
    // An exporter keeps its connection: to close one while it sends would lose what it sends.
    this.#server.keepAliveTimeout = 0;
    this.#server.maxConnections = 256;
    this.#server.on('connection', socket => socket.unref());
    // A connection that cannot be accepted is its sender's trouble.
    this.#server.on('error', () => {});
    this.#server.on('clientError', (_, socket) => void socket.destroy());
  }

  /** What a worker is to have as OTEL_EXPORTER_OTLP_ENDPOINT. @throws where no port can be listened on */
  async endpointOf(worker: string): Promise<string> {
    this.#opened ??= once(this.#server.listen(0, host).unref(), 'listening');
    await this.#opened;
    return `http://${host}:${(this.#server.address() as AddressInfo).port}/${this.#token}/${worker}`;
  }

  /** What was received is written down then. Never throws. */
  async close(): Promise<void> {
    if (!this.#opened) return;
    await this.#opened.catch(() => {});
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeIdleConnections();
    const late = setTimeout(() => this.#server.closeAllConnections(), closingMs);
    await Promise.allSettled([...this.#underWay]);
    clearTimeout(late);
    this.#server.closeAllConnections();
    await closed.catch(() => {});
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, token, worker, signal] = signals.exec(request.url?.split('?')[0] ?? '') ?? [];
    try {
      if (token !== this.#token || worker === undefined) throw new Refusal(404, 'nothing is taken here');
      if (request.method !== 'POST') throw new Refusal(405, 'only POST is');
      const format = formatOf(request);
      const body = await readBody(request, this.#budget);
      if (signal === 'traces') await this.#options.onSpans(worker, format.decode(body));
      response.writeHead(200, { 'content-type': format.type }).end(format.nothing);
    } catch (error) {
      if (worker !== undefined && token === this.#token && isOwnWord(error))
        this.#options.onRefused(worker, error.message);
      refuse(request, response, error);
    }
  }
}

interface Format {
  readonly type: string;
  /** A response that says that all was taken. */
  readonly nothing: string;
  decode(body: Uint8Array): SpanBatch;
}

const formats: readonly Format[] = [
  { type: 'application/x-protobuf', nothing: '', decode: decodeProtobufSpans },
  { type: 'application/json', nothing: '{}', decode: decodeJsonSpans },
];

function formatOf({ headers }: IncomingMessage): Format {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const format = formats.find(one => one.type === type);
  if (format) return format;
  const wanted = formats.map(one => one.type).join(' and ');
  throw new Refusal(415, `the content type "${type}" is not understood: ${wanted} are`);
}

function isOwnWord(error: unknown): error is Error {
  return error instanceof Refusal || error instanceof MalformedBody;
}

/** The connection ends with it: what is left of the body is no further request. */
function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const status = error instanceof Refusal ? error.status : error instanceof MalformedBody ? 400 : 500;
  const text = isOwnWord(error) ? error.message : 'it could not be taken';
  if (response.destroyed || response.headersSent) return void response.destroy();
  response
    .writeHead(status, {
      'content-type': 'text/plain; charset=utf-8',
      connection: 'close',
      ...(status === 503 ? { 'retry-after': '1' } : {}),
    })
    .end(`${text}\n`);
  request.on('error', () => {}).resume();
  setTimeout(() => request.destroy(), drainingMs).unref();
}
