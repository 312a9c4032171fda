import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { connect } from 'node:tls';
import { probedHost } from './find-answerer.ts';

const handshakeMs = 500;

/** `http://unix:/path/to/socket:/path`; a URL drops the colon of an empty port. */
const unixSocket = /^http:\/\/unix(\/.+?):(\/.*)$/;

/** The beginning of an answer. */
export interface HttpReply {
  readonly status: number;
  readonly location: string | undefined;
}

/** Resolves with the status of a GET as soon as its head is there, and hangs up. @throws what the network says */
export function askHttpStatus(url: URL, signal: AbortSignal): Promise<HttpReply> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const [, socketPath, path] = unixSocket.exec(url.href) ?? [];
  const options = {
    // A connection of its own: one that is kept would outlive the worker's listener.
    agent: false,
    headers: { accept: '*/*' },
    rejectUnauthorized: false,
    signal,
    ...(socketPath === undefined ? {} : { socketPath, path }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, options, response => {
      resolve({ status: response.statusCode ?? 0, location: response.headers.location });
      response.on('error', () => {}).destroy();
    });
    sent.on('error', reject).end();
  });
}

/** True when a server that refuses plain HTTP takes a TLS handshake. */
export function speaksTls(url: URL): Promise<boolean> {
  return new Promise(resolve => {
    const { host, port } = probedHost(url);
    const socket = connect({ host, port, rejectUnauthorized: false, timeout: handshakeMs });
    const settle = (isTls: boolean) => {
      socket.destroy();
      resolve(isTls);
    };
    socket.once('secureConnect', () => settle(true));
    socket.once('timeout', () => settle(false));
    socket.once('error', () => settle(false));
  });
}
