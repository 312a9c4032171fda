import { connectionRefused, loggedInElsewhere, tableMissing } from '../../../src/diagnose/causes/services.ts';
import { broker, database, evidence, stderr, timeout, variable } from '../crafted-evidence.ts';
import { testRules } from './test-rules.ts';

test.each([
  ['Node', 'Error: connect ECONNREFUSED 127.0.0.1:5999'],
  ['Node, both families', '    Error: connect ECONNREFUSED ::1:5999'],
  ['Python', "ConnectionRefusedError: [Errno 111] Connection refused ('127.0.0.1', 5999)"],
  ['asyncio', "ConnectionRefusedError: [Errno 111] Connect call failed ('127.0.0.1', 5999)"],
  [
    'redis-py',
    'redis.exceptions.ConnectionError: Error 111 connecting to 127.0.0.1:5999. Connection refused.',
  ],
  [
    'Celery',
    '[2026-11-25 12:39:17,882: ERROR/MainProcess] consumer: Cannot connect to amqp://guest:**@127.0.0.1:5999//: [Errno 111] Connection refused.',
  ],
  ['libpq', 'connection to server at "127.0.0.1", port 5999 failed: Connection refused'],
  ['Go', 'dial tcp 127.0.0.1:5999: connect: connection refused'],
  [
    'JDBC',
    'org.postgresql.util.PSQLException: Connection to localhost:5999 refused. Check that the hostname and port are correct',
  ],
  ['the JVM', 'java.net.ConnectException: Connection refused: localhost/127.0.0.1:5999'],
  ['Ruby', 'Errno::ECONNREFUSED: Connection refused - connect(2) for "localhost" port 5999'],
  ['Rust', 'Connection refused (os error 111) 127.0.0.1:5999'],
  ['PHP', 'stream_socket_client(): Unable to connect to tcp://127.0.0.1:5999 (Connection refused)'],
  ['Prisma', "Can't reach database server at `localhost:5999`"],
  ['Prisma 6', "Error: P1001: Can't reach database server at `localhost`:`5999`"],
])('connectionRefused() reads the address in the words of %s', (_client, line) => {
  const variables = [variable('SERVICE_URL', 'tcp://127.0.0.1:5999', 'set in .env:8')];
  const cause = connectionRefused(evidence({ ...stderr(line), variables }));
  expect(cause?.text).toMatch(
    /^nothing listens on (?:127\.0\.0\.1|localhost|\[::1\]):5999, where the worker wants to connect to, which comes from SERVICE_URL/,
  );
});

testRules({
  shown: [
    [
      tableMissing,
      'a probe',
      {
        failure: timeout,
        services: [database],
        probes: [
          {
            probe: 'Postgres has table "task"',
            answer: { kind: 'pending', why: 'relation "task" does not exist in database "ops"' },
          },
        ],
      },
      [
        'relation "task" does not exist in database "ops" of Postgres at localhost:5432 (DATABASE_URL, set in .env:4)',
        'run the migrations',
      ],
    ],
    [
      tableMissing,
      'a probe that saw a similar name',
      {
        failure: timeout,
        probes: [
          {
            probe: 'Postgres has table "User"',
            answer: {
              kind: 'pending',
              why: 'relation "User" does not exist in database "ops"; there is "User" in schema "app": write app."User"',
            },
          },
        ],
      },
      ['there is "User" in schema "app": write app."User", or run the migrations'],
    ],
    [
      loggedInElsewhere,
      'another database',
      {
        failure: timeout,
        probes: [
          {
            probe: 'Postgres has a session of the worker',
            answer: {
              kind: 'pending',
              why: 'the worker is logged in to database "jobs" as user "ann", and the probe asks for database "ops"',
            },
          },
        ],
      },
      ['it is logged in to database "jobs" as user "ann", and the probe asks for database "ops"'],
    ],
    [
      tableMissing,
      'the worker itself',
      stderr('psycopg2.errors.UndefinedTable: relation "task" does not exist'),
      ['relation "task" does not exist in the database'],
    ],
    [
      connectionRefused,
      'an address of a variable',
      {
        ...stderr('Error: connect ECONNREFUSED 127.0.0.1:5999'),
        variables: [variable('RABBITMQ_URL', 'amqp://guest:***@localhost:5999', 'set in .env:3')],
        services: [broker],
      },
      [
        'nothing listens on 127.0.0.1:5999, where the worker wants to connect to, which comes from RABBITMQ_URL, set in .env:3',
        'The probe expects RabbitMQ at localhost:5672 (RABBITMQ_URL, set in .env:3)',
        'correct RABBITMQ_URL, or start what should listen there',
      ],
    ],
    [
      connectionRefused,
      'an address of no variable',
      stderr("ConnectionRefusedError: [Errno 111] Connection refused ('10.0.0.7', 6379)"),
      ['nothing listens on 10.0.0.7:6379', 'none of its variables names: a default in its code'],
    ],
    [
      connectionRefused,
      'a service that answers this process',
      { ...stderr('Error: connect ECONNREFUSED 127.0.0.1:5672'), services: [broker] },
      [
        'it was refused by 127.0.0.1:5672, where live-worker itself gets an answer from RabbitMQ at localhost:5672',
        'container or network of its own',
      ],
    ],
  ],
  silent: [
    [
      loggedInElsewhere,
      'a worker that has no session yet, and nothing is known of its connections',
      {
        failure: timeout,
        probes: [
          {
            probe: 'Postgres has a session of the worker',
            answer: {
              kind: 'pending',
              why: 'the worker has no session in database "ops" (application_name "live-worker ops")',
            },
          },
        ],
      },
    ],
    [
      tableMissing,
      'another probe that waits',
      { probes: [{ probe: 'x', answer: { kind: 'pending', why: 'no row' } }] },
    ],
    [tableMissing, 'a probe that was satisfied', { probes: [{ probe: 'x', answer: { kind: 'ready' } }] }],
    [
      connectionRefused,
      'a refusal that is over',
      {
        ...stderr('Error: connect ECONNREFUSED 127.0.0.1:5672'),
        failure: timeout,
        peers: [{ host: '127.0.0.1', port: 5672 }],
      },
    ],
    [connectionRefused, 'another error of a connection', stderr('Error: connect ETIMEDOUT 127.0.0.1:5999')],
  ],
});
