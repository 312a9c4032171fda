import { failuresOf } from './harness/failure-of.ts';

jest.setTimeout(180_000);

/** A program that ends by itself. */
const node = (code: string) =>
  `command: ['node', '-e', ${JSON.stringify(`setTimeout(process.exit, 60000); ${code}`)}]`;
const python = (...lines: readonly string[]) =>
  `command: ['/usr/bin/python3', '-c', ${JSON.stringify(['import signal, threading, socket, time, sys', 'signal.alarm(60)', ...lines].join('\n'))}]`;
const serve = (answer: string, host = '127.0.0.1') =>
  node(`require('http').createServer((q, r) => ${answer}).listen(process.env.HTTP_PORT, '${host}')`);
const web = (probe = '') =>
  `ports: ['HTTP_PORT'], ready: [http({ url: 'http://127.0.0.1:\${HTTP_PORT}/health', ${probe} })]`;

/** A queue of connections that nobody takes holds one or two; whoever comes next waits. */
const backlog = [
  'server = socket.socket(); server.bind(("127.0.0.1", 0)); server.listen(0)',
  'peers = [socket.socket() for _ in range(4)]',
  '',
  'def fill():',
  '    for peer in peers: peer.connect(server.getsockname())',
];

test('a worker that is ready in another way than its probe asks for shows how, and does not hang', async () => {
  const failures = await failuresOf(
    {
      typo: `${node(`console.log('worker ready'); for (let n = 0; n < 500; n++) console.log('tick', n)`)}, ready: [log({ pattern: /wroker ready/ })]`,
      stream: `${node(`console.error('worker ready')`)}, ready: [log({ pattern: 'worker ready', stream: 'stdout' })]`,
      idle: `${python('print("up", flush=True)', 'time.sleep(60)')}, ready: [log({ pattern: 'consuming' })]`,
      printed: `${python('print("started", flush=True)', 'time.sleep(60)')}, ready: [log({ pattern: 'ready' })]`,
      family: `${serve('r.end()', '::1')}, ${web()}`,
      port: `${node(`require('net').createServer().listen(0, '127.0.0.1')`)}, ports: ['HTTP_PORT'], ready: [tcp({ port: '\${HTTP_PORT}' })]`,
      nowhere: `${node('')}, ports: ['HTTP_PORT'], ready: [tcp({ port: '\${HTTP_PORT}' })]`,
      login: `${serve('r.writeHead(401).end()')}, ${web()}`,
      circle: `${serve(`r.writeHead(302, { location: '/' }).end()`)}, ${web()}`,
      broken: `${serve('r.writeHead(500).end()')}, ${web(`status: 204`)}`,
      scheme: `${serve('r.end()')}, ports: ['HTTP_PORT'], ready: [http({ url: 'https://127.0.0.1:\${HTTP_PORT}/' })]`,
      notify: `${node('')}, ready: [notify()]`,
      command: `${node('')}, ready: [command(['sh', '-c', 'echo asked; echo no nodes answer >&2; exit 3'])]`,
      bullmq: `${python('time.sleep(60)')}, ready: [probes.module('./bullmq.js', 'mail')]`,
      file: `${node(`require('fs').writeFileSync('ops.ready', '')`)}, ready: [file('ops.redy')]`,
      socket: `${node(`require('net').createServer().listen('./ops.sock')`)}, ready: [socket('./worker.sock')]`,
    },
    {
      'bullmq.js':
        'module.exports = async ({ options }) => ({ kind: "pending", why: `queue "${options}" has 0 workers` });',
    },
  );
  for (const [name, { text }] of Object.entries(failures))
    expect({ name, text }).toEqual({ name, text: expect.not.stringContaining('it hangs') });
  expect(causeOf('printed')).toBe('it has not written "ready"; its last line is "started"');
  expect(causeOf('typo')).toBe('it wrote "worker ready", the pattern is /wroker ready/');
  expect(causeOf('stream')).toBe(
    'it wrote "worker ready" to stderr, the probe looks for "worker ready" in stdout',
  );
  expect(causeOf('idle')).toBe('it has not written "consuming"; its last line is "up"');
  expect(causeOf('family')).toMatch(/^it listens on \[::1\]:(\d+), the probe asks 127\.0\.0\.1:\1$/);
  expect(failures.family?.text).toMatch(/Its variables with these ports: HTTP_PORT=\d+/);
  expect(causeOf('port')).toMatch(/^it listens on 127\.0\.0\.1:\d+, the probe asks 127\.0\.0\.1:\d+$/);
  expect(causeOf('nowhere')).toMatch(
    /^none of its processes listens on a port; the probe asks 127\.0\.0\.1:\d+$/,
  );
  expect(causeOf('login')).toMatch(/^GET http:\S+\/health: it answers with status 401; wanted 2xx$/);
  expect(failures.login?.text).toContain(
    'change: ask a URL that needs no login, or take that for an answer: status: 401',
  );
  expect(causeOf('circle')).toContain(
    'it answers with status 302, a redirect, more than 5 times: /health -> / -> /',
  );
  expect(causeOf('broken')).toMatch(/it answers with status 500; wanted 204$/);
  expect(causeOf('scheme')).toContain('it does not speak TLS: write http:// in url');
  expect(causeOf('notify')).toBe('it never wrote a newline to the descriptor in LIVE_WORKER_READY_FD');
  expect(causeOf('command')).toBe(
    'sh -c echo asked; echo no nodes answer >&2; exit 3: it ended with code 3: no nodes answer',
  );
  expect(causeOf('bullmq')).toBe('./bullmq.js says: queue "mail" has 0 workers');
  expect(causeOf('file')).toBe('there is <project>/ops.ready, the probe asks for <project>/ops.redy');
  expect(causeOf('socket')).toMatch(
    /^it listens on .*ops\.sock, the probe asks for <project>\/worker\.sock$/,
  );

  function causeOf(name: string): string | undefined {
    return /^ *cause: {2}(.*)$/m.exec(failures[name]?.text ?? '')?.[1];
  }
});

test('a worker that is inside of something is said to hang, and in what', async () => {
  const { connecting, optional, locked, spinning } = await failuresOf(
    {
      connecting: `command: ['/usr/bin/python3', 'connecting.py']`,
      optional: python(...backlog, 'threading.Thread(target=fill, daemon=True).start()', 'time.sleep(60)'),
      locked: `command: ['/usr/bin/python3', 'locked.py']`,
      spinning: `command: ['sh', '-c', 'ulimit -t 30; while :; do :; done']`,
    },
    {
      'connecting.py': ['import signal, socket', 'signal.alarm(60)', ...backlog, 'fill()'].join('\n'),
      'locked.py':
        'import signal, threading\nsignal.alarm(60)\nlock = threading.Lock()\nlock.acquire()\nlock.acquire(True, -1)  # token=hunter2secret\n',
    },
  );
  expect(connecting?.text).toMatch(
    /cause: {2}it hangs, or is not done yet: it connects to 127\.0\.0\.1:\d+, which does not answer/,
  );
  expect(connecting?.text).toContain('line 7 in fill: for peer in peers: peer.connect(server.getsockname())');
  expect(optional?.text).toMatch(/cause: {2}it connects to 127\.0\.0\.1:\d+, which does not answer\n/);
  expect(locked?.text).toContain(
    'cause:  it hangs, or is not done yet: it waits for a lock, File "<project>/locked.py", line 5 in <module>: lock.acquire(True, -1)  # token=***',
  );
  expect(spinning?.text).toMatch(
    /cause: {2}it hangs, or is not done yet: it computes without a pause, pid \d+: \S+sh -c/,
  );
});
