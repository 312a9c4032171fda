import { UnreadableLine } from '../line-reader.ts';
import type { Request, RequestFrame } from '../protocol.ts';

/**
 * A line of a client. Checked by hand: a supervisor listens before it has loaded anything.
 *
 * @throws UnreadableLine
 */
export function parseRequest(line: string): RequestFrame {
  const frame = parseJson(line);
  if (!isObject(frame) || !isCount(frame.id)) throw new UnreadableLine('a line that is no request');
  if (!isRequest(frame.request))
    throw new UnreadableLine(`a request that is not known: ${describeKind(frame.request)}`);
  return { id: frame.id, request: frame.request };
}

/** What must stand in a request beside its kind. */
const checks: { readonly [Kind in Request['kind']]: (request: Fields) => boolean } = {
  hello: ({ version }) => typeof version === 'string',
  member: ({ pid, hasReporter }) => isCount(pid) && typeof hasReporter === 'boolean',
  runStarted: ({ files }) => isCount(files),
  runComplete: () => true,
  reporter: ({ session }) => isObject(session) && typeof session.project === 'string',
  adopt: ({ run }) => isObject(run) && isCount(run.pid) && isCount(run.startTime) && isObject(run.space),
  lease: ({ order }) => isObject(order) && Array.isArray(order.workers),
  stopWorkers: ({ rootDir }) => typeof rootDir === 'string',
  servers: ({ order }) => isObject(order) && Array.isArray(order.wants),
  untilServersUp: () => true,
  slots: ({ order }) => isObject(order) && Array.isArray(order.places),
  keepSlots: () => true,
  finish: () => true,
  act: ({ worker, action }) => typeof worker === 'string' && isObject(action),
  relaunch: ({ worker, env }) => typeof worker === 'string' && isObject(env),
  readTap: ({ worker, after }) => typeof worker === 'string' && isCount(after),
  yieldTurns: ({ turns }) => Array.isArray(turns),
  ping: () => true,
  status: () => true,
};

type Fields = Readonly<Record<string, unknown>>;

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new UnreadableLine('a line that is no JSON');
  }
}

function isRequest(value: unknown): value is Request {
  if (!isObject(value) || typeof value.kind !== 'string' || !Object.hasOwn(checks, value.kind)) return false;
  return checks[value.kind as Request['kind']](value);
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function describeKind(request: unknown): string {
  return isObject(request) && typeof request.kind === 'string' ? request.kind.slice(0, 40) : typeof request;
}
