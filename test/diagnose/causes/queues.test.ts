import { connectedElsewhere, consumesElsewhere, notConnected } from '../../../src/diagnose/causes/queues.ts';
import { broker, database, timeout, toBroker, variable } from '../crafted-evidence.ts';
import { testRules } from './test-rules.ts';

testRules({
  shown: [
    [
      notConnected,
      'no connection, with a variable that looks test-only',
      {
        failure: timeout,
        services: [broker],
        peers: [{ host: '127.0.0.1', port: 5432 }],
        variables: [
          variable('DRAMATIQ_TESTING', '1', 'inherited from the environment of Jest'),
          variable('CELERY_TASK_ALWAYS_EAGER', 'false'),
          variable('PATH', '/bin'),
        ],
      },
      [
        'it is alive, but has no connection to RabbitMQ at localhost:5672 (RABBITMQ_URL, set in .env:3)',
        'A variable that looks test-only may keep it on a stub: DRAMATIQ_TESTING=1 (inherited from the environment of Jest)',
        'env: { DRAMATIQ_TESTING: null }',
      ],
    ],
    [
      connectedElsewhere,
      'another broker',
      {
        failure: timeout,
        services: [broker],
        peers: [{ host: '127.0.0.1', port: 5999 }],
        variables: [variable('BROKER_URL', 'amqp://guest:***@127.0.0.1:5999', 'set in .env:7')],
      },
      [
        'it is connected to 127.0.0.1:5999, but the probe expects RabbitMQ at localhost:5672',
        "Its address comes from BROKER_URL, set in .env:7; the probe's from RABBITMQ_URL, set in .env:3",
      ],
    ],
    [
      consumesElsewhere,
      'another queue of this file',
      {
        failure: timeout,
        services: [broker],
        peers: [toBroker],
        queues: [
          { queue: 'default', consumers: 0 },
          { queue: 'ops', consumers: 1 },
        ],
        variables: [variable('TASK_QUEUE', 'ops', 'set in .env:9')],
      },
      [
        'it is connected to RabbitMQ at localhost:5672, but does not consume from "default": 0 consumers',
        'Of the queues this test file names, "ops" has 1',
        'Its variables about queues: TASK_QUEUE=ops (set in .env:9)',
      ],
    ],
    [
      consumesElsewhere,
      'the management API',
      { failure: timeout, services: [broker], peers: [toBroker], consumedQueues: ['mail', 'ops'] },
      [`By the broker's management API it consumes from "mail", "ops"`],
    ],
    [
      consumesElsewhere,
      'another vhost, with the variables that name both',
      {
        failure: timeout,
        services: [broker],
        peers: [toBroker],
        variables: [variable('AMQP_URL', 'amqp://guest:***@localhost/jobs', 'set in .env:4')],
        elsewhere: [
          { queue: 'default', consumers: 1, vhost: 'jobs', probedVhost: '/', variable: 'AMQP_URL' },
        ],
      },
      [
        'the worker consumes "default" in vhost "jobs", the probe looks in vhost "/"',
        `Both are of RabbitMQ at localhost:5672: "jobs" comes from AMQP_URL, set in .env:4; the probe's comes from RABBITMQ_URL, set in .env:3`,
      ],
    ],
    [
      consumesElsewhere,
      'the default vhost',
      {
        failure: timeout,
        services: [broker],
        peers: [toBroker],
        elsewhere: [{ queue: 'default', consumers: 1, vhost: '/', probedVhost: 'jobs', variable: undefined }],
      },
      ['in vhost "/", the probe looks in vhost "jobs"', '"/" is what clients take that are told of none'],
    ],
  ],
  silent: [
    [notConnected, 'a connection', { failure: timeout, services: [broker], peers: [toBroker] }],
    [notConnected, 'an exit', { services: [broker], peers: [] }],
    [notConnected, 'no /proc', { failure: timeout, services: [broker] }],
    [
      notConnected,
      'another broker',
      { failure: timeout, services: [broker], peers: [{ host: 'mq', port: 5999 }] },
    ],
    [notConnected, 'no broker wanted', { failure: timeout, services: [database], peers: [] }],
    [
      connectedElsewhere,
      'connections to a database and a cache',
      {
        failure: timeout,
        services: [broker],
        peers: [
          { host: 'db', port: 5432 },
          { host: 'cache', port: 6379 },
        ],
      },
    ],
    [
      connectedElsewhere,
      'the broker and something else',
      { failure: timeout, services: [broker], peers: [toBroker, { host: 'mq', port: 5999 }] },
    ],
    [
      consumesElsewhere,
      'a consumer that is there',
      {
        failure: timeout,
        services: [broker],
        peers: [toBroker],
        queues: [{ queue: 'default', consumers: 1 }],
      },
    ],
    [
      consumesElsewhere,
      'a probe that was not asked yet',
      {
        failure: timeout,
        services: [broker],
        peers: [toBroker],
        probes: [{ probe: 'queue', answer: undefined, target: { kind: 'service' } }],
      },
    ],
    [consumesElsewhere, 'no connection', { failure: timeout, services: [broker], peers: [] }],
  ],
});
