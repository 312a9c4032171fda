import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { EchoServer } from './echo/echo-server.ts';

const rootDir = mkdtempSync(join(tmpdir(), 'live-worker-echo-'));
const server = new EchoServer();
let url: string;

beforeAll(async () => {
  url = await server.listen();
});
afterAll(async () => {
  await server.close();
  rmSync(rootDir, { recursive: true, force: true });
});

/** What comes of a test file whose worker is to join the server. */
async function useEcho(env: Readonly<Record<string, string>>) {
  const program = ['-r', 'esbuild-register', resolve(__dirname, 'echo/use-echo.ts'), rootDir];
  const { stdout } = await promisify(execFile)(process.execPath, program, {
    env: { PATH: process.env.PATH ?? '', ...env },
    timeout: 25_000,
  });
  return JSON.parse(stdout);
}

test('a third kind of service is located, waited for, described and asked, though only the list knows it', async () => {
  const { url: found, answer, scene } = await useEcho({ ECHO_URL: url });
  expect(found).toEqual({ kind: 'value', value: url });
  expect(answer).toEqual({ kind: 'value', value: 'hello' });
  expect(scene).toContain('echo: 1 members');
});

test('a worker that stays away from it is told with its address and where that comes from', async () => {
  const { code, message } = await useEcho({ ECHO_URL: url, STAYS_AWAY: '1' });
  expect(code).toBe('START_TIMEOUT');
  expect(message).toContain('cause:  it is alive, but has no connection to Echo at 127.0.0.1');
  expect(message).toContain('(ECHO_URL, inherited');
});

test('a server that is down keeps the worker from being started, with what starts it', async () => {
  const { code, message } = await useEcho({ ECHO_URL: 'echo://127.0.0.1:1' });
  expect(code).toBe('SERVICE_UNAVAILABLE');
  expect(message).toContain('nothing listens there (ECONNREFUSED)');
  expect(message).toContain('change: start Echo there (echo-server), or correct ECHO_URL');
});

test('a worker without its variable is told which one', async () => {
  const { code, message } = await useEcho({});
  expect(code).toBe('ENV_MISSING');
  expect(message).toContain('has none of ECHO_URL');
});
