import type { HttpStatus, ProbeSpecOf } from '../options/probe-options.ts';
import { askHttpStatus, type HttpReply, speaksTls } from './ask-http-status.ts';
import { fatal, type Probe, type ProbeAnswer, pending, ready } from './probe.ts';
import { classifyNetworkError } from './service-failure.ts';
import { timeLimit } from './time-limit.ts';

const attemptMs = 2_000;
const mostRedirects = 5;

/** Ready when the status of a GET is wanted; decided on the status line, without waiting for the body. */
export function httpProbe(spec: Omit<ProbeSpecOf<'http'>, 'strangers'>): Probe {
  return {
    description: `GET ${spec.url} answers with ${describeStatus(spec.status)}`,
    attemptTimeoutMs: attemptMs + 500,
    async check(signal) {
      if (!URL.canParse(spec.url)) return fatal(`"${spec.url}" is no URL`);
      const url = new URL(spec.url);
      const limit = timeLimit(attemptMs, signal);
      try {
        return await follow(url, spec.status, limit.signal);
      } catch (error) {
        return pending(await describeError(error, url));
      } finally {
        limit.stop();
      }
    },
  };
}

/** Redirects whose status is wanted are not followed. */
async function follow(
  first: URL,
  wanted: ProbeSpecOf<'http'>['status'],
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  const way = [first];
  for (;;) {
    const [last = first] = way.slice(-1);
    const reply = await askHttpStatus(last, signal);
    if (isWanted(reply.status, wanted)) return ready;
    const next = redirectOf(reply, last);
    if (!next) return pending(await describeReply(reply, way));
    way.push(next);
    if (way.length > mostRedirects + 1) return pending(describeLoop(reply, way));
  }
}

function isWanted(status: number, wanted: ProbeSpecOf<'http'>['status']): boolean {
  return listOf(wanted).some(one => {
    if (typeof one === 'number') return one === status;
    const [from, to] = one.split('-').map(Number);
    return status >= Number(from) && status <= Number(to);
  });
}

function listOf(wanted: ProbeSpecOf<'http'>['status']): readonly HttpStatus[] {
  return typeof wanted === 'object' ? wanted : [wanted];
}

function redirectOf({ status, location }: HttpReply, from: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  const url = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  return url && /^https?:$/.test(url.protocol) ? url : undefined;
}

async function describeReply({ status }: HttpReply, way: readonly URL[]): Promise<string> {
  const [last, ...before] = way.toReversed();
  const what = `it answers with status ${status}`;
  if (before.length > 0) return `${what} at ${last}, where it redirects to`;
  const isTls = status === 400 && last?.protocol === 'http:' && (await speaksTls(last));
  return isTls ? `${what}, for ${onlyTls}` : what;
}

function describeLoop({ status }: HttpReply, way: readonly URL[]): string {
  const places = way.map(({ pathname, search }) => pathname + search);
  return `it answers with status ${status}, a redirect, more than ${mostRedirects} times: ${places.join(' -> ')}`;
}

const onlyTls = 'it speaks TLS: write https:// in url';

async function describeError(error: unknown, url: URL): Promise<string> {
  const { code = '', name, message } = error as NodeJS.ErrnoException;
  if (name === 'AbortError' || name === 'TimeoutError') return `no answer within ${attemptMs} ms`;
  if (/^EPROTO$|^ERR_SSL_(?:WRONG_VERSION|PACKET_LENGTH)/.test(code))
    return 'it does not speak TLS: write http:// in url';
  const isRefusal = url.protocol === 'http:' && /^(?:HPE_|ECONNRESET$)/.test(code);
  if (isRefusal && (await speaksTls(url))) return onlyTls;
  if (code.startsWith('HPE_')) return `it answers, but not in HTTP (${code})`;
  return classifyNetworkError(error, url.host)?.why ?? message;
}

/** `2xx`, `401`, `200-204 or 401`. */
export function describeStatus(wanted: ProbeSpecOf<'http'>['status']): string {
  return listOf(wanted)
    .map(one => String(one).replace(/^(\d)00-\1(?:99)$/, '$1xx'))
    .join(' or ');
}
