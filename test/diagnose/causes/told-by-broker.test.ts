import { toldByBroker } from '../../../src/diagnose/causes/told-by-broker.ts';
import { findCauses } from '../../../src/diagnose/find-causes.ts';
import { broker, evidence, stderr, timeout, toBroker, variable } from '../crafted-evidence.ts';
import { testRules } from './test-rules.ts';

const login = 'ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN';
const details = `${login}. For details see the broker logfile.`;
const noQueue = "NOT_FOUND - no queue 'jobs' in vhost '/'";
const inequivalent =
  "PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'jobs' in vhost '/': received 'false' but current is 'true'";

/** One line in the form of each client, and what is quoted of it; only amqplib, pika, py-amqp and Celery were seen to write theirs. */
const formatted: readonly (readonly [client: string, line: string, quoted: string])[] = [
  [
    'amqplib',
    `Error: Handshake terminated by server: 403 (ACCESS-REFUSED) with message "${details}"`,
    `403 ${login}`,
  ],
  [
    'amqplib, a code alone',
    'Error: Handshake terminated by server: 403 (ACCESS-REFUSED) with message ""',
    '403 ACCESS_REFUSED',
  ],
  [
    'amqplib, a channel',
    `Error: Channel closed by server: 404 (NOT-FOUND) with message "${noQueue}"`,
    `404 ${noQueue}`,
  ],
  [
    'amqplib, an operation',
    `Error: Operation failed: QueueDeclare; 406 (PRECONDITION-FAILED) with message "${inequivalent}"`,
    `406 ${inequivalent}`,
  ],
  [
    'amqplib, a vhost',
    'Error: Expected ConnectionOpenOk; got <ConnectionClose channel:0>',
    '530 it closed the connection when the vhost was to be opened',
  ],
  [
    'amqplib, an end',
    `Error: Connection closed: 320 (CONNECTION-FORCED) with message "CONNECTION_FORCED - Closed via management plugin"`,
    '320 CONNECTION_FORCED - Closed via management plugin',
  ],
  [
    'Nest',
    `[Nest] 4711  - 11/25/2026, 1:00:00 PM   ERROR [ServerRMQ] {"err":{"message":"Handshake terminated by server: 403 (ACCESS-REFUSED) with message \\"${details}\\""}}`,
    `403 ${login}`,
  ],
  [
    'amqp-connection-manager',
    `connectFailed: Error: Channel closed by server: 404 (NOT-FOUND) with message "${noQueue}"`,
    `404 ${noQueue}`,
  ],
  [
    'pika, a login',
    `pika.exceptions.ProbableAuthenticationError: ConnectionClosedByBroker: (403) '${details}'`,
    `403 ${login}`,
  ],
  [
    'pika, a vhost',
    "pika.exceptions.ProbableAccessDeniedError: ConnectionClosedByBroker: (530) 'NOT_ALLOWED - vhost nope not found'",
    '530 NOT_ALLOWED - vhost nope not found',
  ],
  ['pika, a channel', `pika.exceptions.ChannelClosedByBroker: (404, "${noQueue}")`, `404 ${noQueue}`],
  [
    'py-amqp',
    `amqp.exceptions.PreconditionFailed: Queue.declare: (406) ${inequivalent}`,
    `406 ${inequivalent}`,
  ],
  [
    'py-amqp, a feature',
    "amqp.exceptions.AMQPNotImplementedError: Basic.consume: (540) NOT_IMPLEMENTED - queue 'jobs' in vhost '/' does not support global qos",
    "540 NOT_IMPLEMENTED - queue 'jobs' in vhost '/' does not support global qos",
  ],
  ['py-amqp, a login', `amqp.exceptions.AccessRefused: (0, 0): (403) ${details}`, `403 ${login}`],
  [
    'Celery, as it gives up',
    `[2026-11-25 12:39:17,891: CRITICAL/MainProcess] Unrecoverable error: AccessRefused(403, '${details}', (0, 0), '')`,
    `403 ${login}`,
  ],
  [
    'Celery, as it tries again',
    '[2026-11-25 12:39:29,090: ERROR/MainProcess] consumer: Cannot connect to amqp://guest:**@127.0.0.1:5672/nope: Connection.open: (530) NOT_ALLOWED - vhost nope not found.',
    '530 NOT_ALLOWED - vhost nope not found',
  ],
  ['Bunny', `Bunny::NotFound: ${noQueue} (Bunny::NotFound)`, `404 ${noQueue}`],
  [
    'Bunny, a login',
    'Authentication with RabbitMQ failed. Please check your connection settings. Username: ops, vhost: / (Bunny::AuthenticationFailureError)',
    '403 ACCESS_REFUSED',
  ],
  [
    'lapin',
    `Error: ProtocolError(AMQPError { kind: Soft(NOTFOUND), message: ShortString("${noQueue}") })`,
    `404 ${noQueue}`,
  ],
  ['amqp091-go', `panic: Exception (404) Reason: "${noQueue}"`, `404 ${noQueue}`],
  [
    'amqp091-go, a login',
    'Exception (403) Reason: "username or password not allowed"',
    '403 username or password not allowed',
  ],
  [
    'the Java client',
    `com.rabbitmq.client.ShutdownSignalException: channel error; protocol method: #method<channel.close>(reply-code=404, reply-text=${noQueue}, class-id=50, method-id=10)`,
    `404 ${noQueue}`,
  ],
  [
    'the .NET client',
    `RabbitMQ.Client.Exceptions.OperationInterruptedException: The AMQP operation was interrupted: AMQP close-reason, initiated by Peer, code=404, text='${noQueue}', classId=50, methodId=10`,
    `404 ${noQueue}`,
  ],
  [
    'php-amqplib',
    `PHP Fatal error:  Uncaught PhpAmqpLib\\Exception\\AMQPProtocolChannelException: ${noQueue} in /app/vendor/x.php:1`,
    `404 ${noQueue}`,
  ],
  [
    'any, a lock',
    "RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'jobs' in vhost '/'",
    "405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'jobs' in vhost '/'",
  ],
  [
    'any, a channel error',
    `amqp: 504 (CHANNEL_ERROR) "CHANNEL_ERROR - second 'channel.open' seen"`,
    "504 CHANNEL_ERROR - second 'channel.open' seen",
  ],
  [
    'any, an internal error',
    `(541, "INTERNAL_ERROR - Feature 'transient_nonexcl_queues' is deprecated")`,
    '541 INTERNAL_ERROR - Feature',
  ],
];

test.each(formatted)('toldByBroker() quotes what %s was told', (_client, line, quoted) => {
  const cause = toldByBroker(evidence(stderr('before', line, 'after')));
  expect(cause?.text.split('\n')[0]).toMatch(/^RabbitMQ told it: /);
  const text = cause?.text.slice('RabbitMQ told it: '.length) ?? '';
  expect(text.slice(0, quoted.length)).toBe(quoted);
  expect(text).not.toMatch(/["'}\\]{2}$|logfile|class-?id/i);
  expect(cause?.change).toHaveLength(1);
});

test('toldByBroker() ends the quotation where the client goes on', () => {
  const quotations = formatted
    .filter(([, , quoted]) => quoted === `404 ${noQueue}` || quoted === `403 ${login}`)
    .filter(([client]) => client !== 'php-amqplib' && client !== 'Bunny')
    .map(([, line]) => toldByBroker(evidence(stderr(line)))?.text.slice('RabbitMQ told it: '.length));
  expect(new Set(quotations)).toEqual(new Set([`404 ${noQueue}`, `403 ${login}`]));
});

test.each([
  [`(403) ${details}`, 'correct the user and the password in BROKER_URL, or create that user'],
  [
    "(403) ACCESS_REFUSED - access to queue 'jobs' in vhost '/' refused for user 'ops'",
    'rabbitmqctl set_permissions for that user',
  ],
  ["(403) ACCESS_REFUSED - queue name 'amq.x' contains reserved prefix 'amq.*'", 'choose a name'],
  ["(403) ACCESS_REFUSED - queue 'jobs' in vhost '/' in exclusive use", 'end the exclusive consumer'],
  [
    '(530) NOT_ALLOWED - vhost nope not found',
    'rabbitmqctl add_vhost nope and set_permissions for it, or correct the path of BROKER_URL',
  ],
  [
    "(530) NOT_ALLOWED - access to vhost '/' refused for user 'ops': connection limit (1) is reached",
    'raise the limit',
  ],
  ["(530) NOT_ALLOWED - attempt to reuse consumer tag 'a'", 'a tag of its own'],
  [`(404) ${noQueue}`, 'declare it before the worker starts'],
  [
    "(405) RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'jobs'",
    'end the connection that holds it',
  ],
  [
    `(406) ${inequivalent}`,
    'declare queue "jobs" with the same arguments everywhere, or drop the one that is there: rabbitmqctl delete_queue jobs',
  ],
  [
    "(406) PRECONDITION_FAILED - inequivalent arg 'type' for exchange 'events' in vhost '/': received 'topic'",
    'declare exchange "events"',
  ],
  ['(406) PRECONDITION_FAILED - unknown delivery tag 99', 'acknowledge each message once'],
  ["(540) NOT_IMPLEMENTED - queue 'jobs' in vhost '/' does not support global qos", 'global: false'],
  ['(320) CONNECTION_FORCED - broker forced connection closure', 'find what closed the connection'],
])('toldByBroker() says what to change at %s', (line, change) => {
  const variables = [variable('BROKER_URL', 'amqp://ops:***@localhost', 'set in .env:2')];
  const cause = toldByBroker(evidence({ ...stderr(line), variables }));
  expect(cause?.change.join()).toContain(change);
  expect(cause?.text).toContain('\nIts URL comes from BROKER_URL, set in .env:2');
});

test('toldByBroker() names the variable that holds what the broker speaks of', () => {
  const variables = [
    variable('RABBITMQ_URL', 'amqp://guest:***@localhost', 'set in .env:1'),
    variable('CELERY_BROKER_URL', 'pyamqp://guest:***@localhost/nope', 'set in .env:2'),
  ];
  const cause = toldByBroker(evidence({ ...stderr('(530) NOT_ALLOWED - vhost nope not found'), variables }));
  expect(cause?.text).toContain('CELERY_BROKER_URL, set in .env:2');
});

test('what the broker said comes before what is concluded from queues and connections', () => {
  const seen = { failure: timeout, services: [broker], queues: [{ queue: 'default', consumers: 0 }] };
  for (const peers of [[toBroker], []]) {
    const [first, ...others] = findCauses(
      evidence({
        ...seen,
        peers,
        ...stderr(`(540) NOT_IMPLEMENTED - queue 'default' in vhost '/' does not support global qos`),
      }),
    );
    expect(first?.text).toContain('RabbitMQ told it: 540 NOT_IMPLEMENTED');
    expect(others).toHaveLength(1);
  }
});

testRules({
  shown: [
    [
      toldByBroker,
      'the first reply, not what became of the channel',
      stderr(
        `(404, "${noQueue}")`,
        `504 (CHANNEL_ERROR) "CHANNEL_ERROR - expected 'channel.open'"`,
        'CONNECTION_FORCED - connection was closed',
      ),
      [`404 ${noQueue}`],
    ],
    [
      toldByBroker,
      'the URL of the probe when no variable tells',
      { ...stderr(`(404) ${noQueue}`), services: [broker] },
      ['Its URL comes from RABBITMQ_URL, set in .env:3', 'or the vhost in RABBITMQ_URL'],
    ],
  ],
  silent: [
    [toldByBroker, 'an answer over HTTP', stderr('GET /users/7 404 NOT_FOUND', 'NOT_FOUND - page 7')],
    [toldByBroker, 'another number', stderr('took 403 ms (ACCESS_REFUSED rate 0)', '12 404 rows')],
  ],
});
