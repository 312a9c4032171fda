import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server as HttpServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpProbeOptions } from '../../src/options/probe-options.ts';
import { httpProbe } from '../../src/probe/http-probe.ts';

const folder = mkdtempSync(join(tmpdir(), 'http-probe-'));
const { signal } = new AbortController();
const ready = { kind: 'ready' };
const servers: (Server & Partial<Pick<HttpServer, 'closeAllConnections'>>)[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections?.();
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

async function listen(server: Server, at: string | number = 0): Promise<number> {
  servers.push(server);
  await once(server.listen(at), 'listening');
  return (server.address() as AddressInfo).port;
}

async function serve(answer: RequestListener, status: HttpProbeOptions['status'] = '200-299') {
  const port = await listen(createServer(answer));
  return httpProbe({ kind: 'http', url: `http://127.0.0.1:${port}/health`, status });
}

const pending = (why: unknown) => ({ kind: 'pending', why });

test('httpProbe() is ready when the status of a GET is 2xx', async () => {
  const methods: unknown[] = [];
  const probe = await serve(({ method }, response) => {
    methods.push(method);
    response.writeHead(204).end();
  });
  expect(await probe.check(signal)).toEqual(ready);
  expect(methods).toEqual(['GET']);
  expect(probe.description).toMatch(/^GET http:\/\/127.0.0.1:\d+\/health answers with 2xx$/);
});

test.each<[string, RequestListener]>([
  [
    'events without end',
    (_, response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n'),
  ],
  ['a head without a body', (_, response) => response.writeHead(200, { 'content-length': 9 }).flushHeaders()],
  [
    'a body that is cut off',
    (_, response) => {
      response.writeHead(200, { 'content-length': 9 }).write('1', () => response.destroy());
    },
  ],
])('httpProbe() is ready at %s, and hangs up', async (_what, answer) => {
  let noteClosed = () => {};
  const closed = new Promise<void>(resolve => {
    noteClosed = resolve;
  });
  const probe = await serve((request, response) => {
    request.socket.once('close', noteClosed);
    answer(request, response);
  });
  expect(await probe.check(signal)).toEqual(ready);
  await closed;
});

test.each([401, 404, 500, 503])('httpProbe() says which status it sees: %i', async status => {
  const probe = await serve((_, response) => response.writeHead(status).end());
  expect(await probe.check(signal)).toEqual(pending(`it answers with status ${status}`));
});

test.each<[number, NonNullable<HttpProbeOptions['status']>, string]>([
  [401, 401, '401'],
  [302, '200-399', '200-399'],
  [401, [204, '400-499'], '204 or 4xx'],
])('httpProbe() takes status %i for %j', async (seen, status, words) => {
  const probe = await serve(
    (_, response) => response.writeHead(seen, { location: '/elsewhere' }).end(),
    status,
  );
  expect(await probe.check(signal)).toEqual(ready);
  expect(probe.description).toContain(`answers with ${words}`);
});

test('httpProbe() does not take 2xx for 401, nor a status beside the ranges', async () => {
  const probe = await serve((_, response) => response.writeHead(200).end(), [401, '300-399', '201-299']);
  expect(await probe.check(signal)).toEqual(pending('it answers with status 200'));
});

test('httpProbe() follows a redirect, and says where it ends', async () => {
  let end = 200;
  const probe = await serve(({ url }, response) => {
    if (url === '/login') response.writeHead(end).end();
    else response.writeHead(302, { location: '/login' }).end();
  });
  expect(await probe.check(signal)).toEqual(ready);
  end = 500;
  expect(await probe.check(signal)).toEqual(
    pending(
      expect.stringMatching(
        /^it answers with status 500 at http:\/\/127.0.0.1:\d+\/login, where it redirects to$/,
      ),
    ),
  );
});

test('httpProbe() gives up on a circle of redirects within one attempt', async () => {
  let asked = 0;
  const probe = await serve(({ url }, response) => {
    asked += 1;
    response.writeHead(307, { location: url === '/a' ? '/b' : '/a' }).end();
  });
  expect(await probe.check(signal)).toEqual(
    pending(
      'it answers with status 307, a redirect, more than 5 times: /health -> /a -> /b -> /a -> /b -> /a -> /b',
    ),
  );
  expect(asked).toBe(6);
});

test('httpProbe() takes a redirect that leads nowhere for its status', async () => {
  const probe = await serve((_, response) => response.writeHead(301, { location: 'ftp://x' }).end());
  expect(await probe.check(signal)).toEqual(pending('it answers with status 301'));
});

test('httpProbe() says that nobody listens, or that nobody answers', async () => {
  const nobody = httpProbe({ kind: 'http', url: 'http://127.0.0.1:1/', status: 200 });
  expect(await nobody.check(signal)).toEqual(pending('nothing listens on 127.0.0.1:1 (ECONNREFUSED)'));
  const mute = await serve(() => {});
  expect(await mute.check(signal)).toEqual(pending('no answer within 2000 ms'));
});

test('httpProbe() tells what speaks no HTTP', async () => {
  const port = await listen(createSocketServer(socket => socket.on('error', () => {}).end('220 mail\r\n')));
  const probe = httpProbe({ kind: 'http', url: `http://127.0.0.1:${port}/`, status: 200 });
  expect(await probe.check(signal)).toEqual(pending('it answers, but not in HTTP (HPE_INVALID_CONSTANT)'));
});

test('httpProbe() tells http from https', async () => {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=x', '-keyout', key, '-out', cert],
    { stdio: 'ignore', timeout: 20_000 },
  );
  const secret = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) =>
    response.writeHead(200).end(),
  );
  const secretPort = await listen(secret);
  const plainPort = await listen(createServer((_, response) => response.writeHead(200).end()));
  const ask = (url: string) => httpProbe({ kind: 'http', url, status: '200-299' }).check(signal);
  expect(await ask(`https://127.0.0.1:${secretPort}/`)).toEqual(ready);
  expect(await ask(`http://127.0.0.1:${secretPort}/`)).toEqual(
    pending('it speaks TLS: write https:// in url'),
  );
  expect(await ask(`https://127.0.0.1:${plainPort}/`)).toEqual(
    pending('it does not speak TLS: write http:// in url'),
  );
});

test('httpProbe() asks a server behind a Unix socket', async () => {
  await listen(
    createServer(({ url }, response) => response.writeHead(url === '/health?a=1' ? 200 : 404).end()),
    join(folder, 'http.sock'),
  );
  const url = `http://unix:${join(folder, 'http.sock')}:/health?a=1`;
  expect(await httpProbe({ kind: 'http', url, status: 200 }).check(signal)).toEqual(ready);
});

test('httpProbe() gives up on what is no URL', async () => {
  const probe = httpProbe({ kind: 'http', url: 'http://127.0.0.1:none/', status: 200 });
  expect(await probe.check(signal)).toEqual({ kind: 'fatal', why: '"http://127.0.0.1:none/" is no URL' });
});

test('httpProbe() ends with its signal', async () => {
  const mute = await serve(() => {});
  expect(await mute.check(AbortSignal.abort())).toMatchObject({ kind: 'pending' });
});
