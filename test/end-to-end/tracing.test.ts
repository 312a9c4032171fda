import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { Client } from 'pg';
import { readRun } from '../../src/report/read/read-run.ts';
import { Secrets } from '../../src/secrets/secrets.ts';
import { filesOfPage } from './harness/doc-files.ts';
import { type Project, withProject } from './harness/project.ts';
import { databaseUrl } from './harness/services.ts';
import { startCommand } from './harness/start-command.ts';

jest.setTimeout(120_000);

const python = `${process.env.LIVE_WORKER_TEST_VENV}/bin/python`;
const example = filesOfPage('tracing.md');
const configured = (change: (text: string) => string) => ({
  ...example,
  'jest.config.js': change(example['jest.config.js'] ?? ''),
});
const fixtures = `
const { rabbitmq, postgres, liveWorker, eventually } = require('jest-environment-live-worker/fixtures');
const queue = 'tracing-payments';
const booked = id => postgres().waitForRow('SELECT 1 FROM tracing_payment WHERE id = $1', [id]);
`;
/** A message that is booked once and refused the second time, with the assertion that fails of it. */
const bookedTwice = `${fixtures}
test('a payment is changed', async () => {
  const id = crypto.randomUUID();
  await rabbitmq().publish(queue, { id, amount: 12 });
  await booked(id);
  await rabbitmq().publish(queue, { id, amount: 13 });
  await eventually(async () => {
    const { rows } = await postgres().query('SELECT amount FROM tracing_payment WHERE id = $1', [id]);
    expect(rows).toEqual([{ amount: 13 }]);
  }, { timeoutMs: 2_000 });
});`;

afterAll(async () => {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('DROP TABLE IF EXISTS tracing_payment');
  await client.end();
});

const reportOf = ({ folder }: Project) =>
  readRun(join(folder, '.live-worker', 'latest'), { secrets: new Secrets() });

test('the example of docs/tracing.md: what the SDK of Node tells, after the test too, stands with the test', () =>
  withProject(example, async project => {
    const { code, output } = await project.run();
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    const { spans } = reportOf(project);
    const ofTest = spans?.filter(({ test }) => test === 'payments.test.js:1') ?? [];
    expect(ofTest).toMatchObject([
      { kind: 'consumer', name: 'tracing-payments process' },
      {
        kind: 'client',
        parent: ofTest[0]?.id,
        name: expect.stringContaining('INSERT'),
        attributes: expect.arrayContaining([
          ['db.query.text', 'INSERT INTO tracing_payment (id, amount) VALUES ($1, $2)'],
        ]),
      },
    ]);
    expect(spans?.filter(({ test }) => test === undefined).map(({ name }) => name)).toEqual([
      'pg.connect',
      expect.stringContaining('CREATE'),
    ]);
    const events = project.events('payments.test.js').map(({ event }) => event);
    expect(events.lastIndexOf('otel.span')).toBeGreaterThan(events.indexOf('test.started'));
    expect(JSON.stringify(spans)).not.toContain('guest:guest');
  }));

test.each([
  ['its own worker', (text: string) => text, 'bad.test.js'],
  [
    'a worker of the run',
    (text: string) => text.replace('otel: true', "otel: true, scope: 'run'"),
    'workers',
  ],
])('a failed test names the span of %s that ended with an error', (_, change, folder) =>
  withProject({ ...configured(change), 'bad.test.js': bookedTwice }, async project => {
    const { output } = await project.run({ args: ['bad.test.js'] });
    expect(stripVTControlCharacters(output)).toMatch(
      /^ *span "pg.query:INSERT \w+" of this test ended with ERROR: duplicate key value violates .*"tracing_payment_pkey" \(and 1 more\)$/m,
    );
    const { files, spans } = reportOf(project);
    expect(files[0]?.tests[0]?.facts[0]).toMatch(
      /^span "pg.query:INSERT \w+" of worker "payments" ended with ERROR \d+ ms after this test began: duplicate key/,
    );
    expect(spans?.filter(({ test }) => test === 'bad.test.js:1')).toHaveLength(4);
    expect(spans?.every(({ worker }) => worker.startsWith(folder))).toBe(true);
    const html = readFileSync(join(project.folder, '.live-worker', 'latest', 'report.html'), 'utf8');
    expect(html).toContain('ended with ERROR');
  }),
);

test('a header of the message comes before the trace of the test, and a call carries it', () =>
  withProject(
    {
      ...configured(text =>
        text
          .replace(
            /payments: \{[\s\S]*?\n {2}\},/,
            `echo: { command: ['node', 'echo.js'], ready: [rabbitmq({ queues: ['tracing-echo'] })] },`,
          )
          .replace('{ workers }', '{ workers, otel: true }'),
      ),
      'payments.test.js': '',
      'echo.js': `
setTimeout(() => process.exit(124), 60_000);
require('amqplib').connect(process.env.RABBITMQ_URL).then(async broker => {
  const channel = await broker.createChannel();
  await channel.assertQueue('tracing-echo', { autoDelete: true });
  await channel.consume('tracing-echo', ({ properties: { headers, replyTo, correlationId } }) =>
    channel.sendToQueue(replyTo, Buffer.from(JSON.stringify(headers)), { correlationId }), { noAck: true });
});`,
      'echo.test.js': `${fixtures}
const seen = new Set();
const traceOf = async options => {
  const { content: { traceparent, mine } } = await rabbitmq().call('tracing-echo', {}, options);
  return [traceparent, mine];
};
beforeAll(async () => expect(await traceOf()).toEqual([undefined, undefined]));
test.each([1, 2])('test %d has a trace of its own', async () => {
  const [first] = await traceOf();
  const [again, mine] = await traceOf({ headers: { mine: 'x' } });
  expect(first).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  expect([again, mine]).toEqual([first, 'x']);
  expect(seen.has(first)).toBe(false);
  seen.add(first);
});
test('its own header', async () => {
  expect(await traceOf({ headers: { traceparent: 'own' } })).toEqual(['own', undefined]);
});`,
    },
    async project => {
      const { code, output } = await project.run({ args: ['echo.test.js'] });
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    },
  ));

test('a worker that leads its spans itself is left alone, and the variable is named', () =>
  withProject(
    {
      ...configured(text => text.replace('otel: true', "otel: true, envFile: '.env'")),
      '.env': 'OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9\nOTEL_BSP_SCHEDULE_DELAY=60000\n',
      'tracing.js': '',
    },
    async project => {
      const { code, output } = await project.run();
      expect(code).toBe(0);
      expect(output).toContain(
        'payments: its spans are not received: it sets OTEL_EXPORTER_OTLP_ENDPOINT itself, and otel: true leaves that as it is',
      );
      const { env } = JSON.parse(project.record('payments.test.js', 'payments.launch.ndjson'));
      const own = Object.keys(env).filter(name => name.startsWith('OTEL_'));
      expect(own).toEqual(['OTEL_BSP_SCHEDULE_DELAY', 'OTEL_EXPORTER_OTLP_ENDPOINT']);
    },
  ));

test('explain shows what leads the spans of a worker, or who does', () =>
  withProject(
    configured(text =>
      text.replace('otel: true', 'otel: true, env: process.env.OWN ? { OTEL_SDK_DISABLED: "true" } : {}'),
    ),
    async project => {
      const explain = async (env = {}) =>
        (await startCommand(project, ['explain', 'payments'], { env }).ended).stdout;
      const text = stripVTControlCharacters(await explain());
      expect(text).toMatch(/^spans +received, by otel: true$/m);
      expect(text).toContain(
        'OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:<port>/<key>/payments  set by otel: true',
      );
      const own = stripVTControlCharacters(await explain({ OWN: '1' }));
      expect(own).toMatch(/^spans +not received: it sets OTEL_SDK_DISABLED itself$/m);
      expect(own).not.toContain('OTEL_EXPORTER_OTLP_ENDPOINT');
    },
  ));

/** Without an SDK: a span in JSON, whose attributes hold secrets, and one in a trace of nobody. */
const plainSender = `
import json, os, secrets, sys, time, urllib.request
import pika
def send(trace, parent, name, attributes, status=None):
    now = time.time_ns()
    span = {'traceId': trace, 'spanId': secrets.token_hex(8), 'parentSpanId': parent, 'name': name, 'kind': 5,
            'startTimeUnixNano': str(now - 5_000_000), 'endTimeUnixNano': str(now), 'status': status or {},
            'attributes': [{'key': key, 'value': {'stringValue': value}} for key, value in attributes.items()]}
    body = json.dumps({'resourceSpans': [{'scopeSpans': [{'spans': [span]}]}]}).encode()
    request = urllib.request.Request(os.environ['OTEL_EXPORTER_OTLP_ENDPOINT'] + '/v1/traces', body, {'Content-Type': 'application/json'})
    urllib.request.urlopen(request).read()
channel = pika.BlockingConnection(pika.URLParameters(os.environ['RABBITMQ_URL'])).channel()
channel.queue_declare('tracing-payments', auto_delete=True)
def take(channel, method, properties, body):
    _, trace, parent, _ = properties.headers['traceparent'].split('-')
    send(trace, parent, 'take ' + os.environ['SHOP_PASSWORD'], {
        'db.statement': "ALTER ROLE shop PASSWORD 'given-in-sql'; -- " + os.environ['SHOP_PASSWORD'],
        'http.request.header.authorization': 'Custom abc', 'payment.api_key': 'k', 'order': 'teapot'},
        {'code': 2, 'message': 'no ' + os.environ['SHOP_PASSWORD']})
    send(secrets.token_hex(16), '', 'housekeeping', {})
    channel.basic_ack(method.delivery_tag)
    print('taken', flush=True)
channel.basic_consume('tracing-payments', take)
channel.start_consuming()
`;

test('a plain program sends JSON; secrets in its spans reach neither record, nor report, nor output', () =>
  withProject(
    {
      ...configured(text =>
        text
          .replace("['node', 'worker.js']", `['${python}', 'sender.py']`)
          .replace(", postgres({ table: 'tracing_payment' })", '')
          .replace('otel: true', "otel: true, env: { SHOP_PASSWORD: 'hunter2-of-the-shop' }"),
      ),
      'sender.py': plainSender,
      'payments.test.js': `${fixtures}
test('is taken', async () => {
  await rabbitmq().publish(queue, {});
  await liveWorker('payments').logs.waitFor('taken');
  expect('taken').toBe('booked');
});`,
    },
    async project => {
      const { output } = await project.run();
      expect(output).toContain('span "take ***" of this test ended with ERROR: no ***');
      const { spans } = reportOf(project);
      expect(spans).toMatchObject([
        {
          test: 'payments.test.js:1',
          name: 'take ***',
          isBad: true,
          message: 'no ***',
          attributes: [
            ['db.statement', 'ALTER ROLE shop PASSWORD ***; -- ***'],
            ['http.request.header.authorization', '***'],
            ['payment.api_key', '***'],
            ['order', 'teapot'],
          ],
        },
        { name: 'housekeeping' },
      ]);
      const record = project.record('payments.test.js', 'events.ndjson');
      for (const secret of ['hunter2', 'given-in-sql', 'Custom abc']) {
        expect(record).not.toContain(secret);
        expect(output).not.toContain(secret);
      }
    },
  ));
