import { consumesOnWire, idleOnWire, tapBypassed, toldOnWire } from '../../../src/diagnose/causes/tap.ts';
import type { EvidenceLeg, EvidenceTap } from '../../../src/diagnose/evidence.ts';
import { explainStartFailure } from '../../../src/diagnose/explain-start-failure.ts';
import { broker, evidence, exited, stderr, timeout, toBroker, variable } from '../crafted-evidence.ts';
import { testRules } from './test-rules.ts';

const services = [{ ...broker, user: 'guest', vhost: '/' }];
const leg: EvidenceLeg = {
  protocol: 'amqp',
  service: 'localhost:5672',
  endpoint: broker.endpoint,
  entrance: { host: '127.0.0.1', port: 40_001 },
  variables: ['RABBITMQ_URL'],
  arrivals: 0,
  brokers: [],
};
const tap: EvidenceTap = { legs: [leg], direct: [toBroker], refusals: [] };
const failure = timeout;
const url = variable('RABBITMQ_URL', 'amqp://guest:***@localhost:5672', 'set in .env:3, led through the tap');
const refusal = {
  protocol: 'amqp',
  service: 'localhost:5672',
  code: '404',
  text: "NOT_FOUND - no queue 'x'",
  isFinal: false,
  agoMs: 100,
} as const;
const on = (vhost: string, ...queues: readonly string[]) => ({
  ...tap,
  legs: [{ ...leg, arrivals: 1, brokers: [{ user: 'ops', vhost, queues }] }],
});

testRules({
  shown: [
    [
      tapBypassed,
      'the service itself, by a variable of its own',
      { failure, services, tap, variables: [url, variable('BROKER_PORT', '5672', 'set in .env:9')] },
      [
        'it is connected to 127.0.0.1:5672 itself, and has not come to its tap at 127.0.0.1:40001, where RABBITMQ_URL leads it',
        'That address comes from BROKER_PORT, set in .env:9',
        'let it take the URL from RABBITMQ_URL, or put a whole URL into BROKER_PORT',
      ],
    ],
    [
      tapBypassed,
      'another server, by its code',
      { failure, services, tap: { ...tap, direct: [{ host: '10.0.0.7', port: 5671 }] }, variables: [url] },
      ['it is connected to 10.0.0.7:5671 itself', 'a default in its code, or a file it reads'],
    ],
    [
      toldOnWire,
      'what the broker answered last',
      { failure, tap: { ...tap, refusals: [{ ...refusal, text: 'an older one' }, refusal] } },
      [/^RabbitMQ at localhost:5672 answered it with 404: NOT_FOUND - no queue 'x'$/],
    ],
    [
      toldOnWire,
      'what the database answered to which statement',
      {
        failure: exited(1),
        tap: {
          ...tap,
          refusals: [
            { ...refusal, protocol: 'postgres', code: '42P01', text: 'no task', statement: 'SELECT 1' },
          ],
        },
      },
      ['Postgres at localhost:5672 answered it with 42P01: no task', 'The statement: SELECT 1'],
    ],
    [
      consumesOnWire,
      'another queue',
      { failure, services, tap: on('/', 'ops') },
      [
        'on RabbitMQ at localhost:5672 the probe waits for a consumer of "default" in vhost "/", as user "guest"',
        'The worker consumes "ops" in vhost "/", as user "ops"',
        'the worker came by RABBITMQ_URL',
        'correct the queue',
      ],
    ],
    [
      consumesOnWire,
      'another vhost',
      { failure, services, tap: on('other', 'default') },
      ['The worker consumes "default" in vhost "other", as user "ops"', 'set both to the same vhost'],
    ],
    [
      idleOnWire,
      'a connection without a consumer',
      { failure, services, tap: on('/') },
      ['The worker is connected and consumes nothing in vhost "/"'],
    ],
  ],
  silent: [
    [tapBypassed, 'a worker without a tap', { failure, services, peers: [toBroker] }],
    [tapBypassed, 'a worker that came', { failure, services, tap: on('/', 'ops') }],
    [
      tapBypassed,
      'a connection to a database',
      { failure, services, tap: { ...tap, direct: [{ host: '127.0.0.1', port: 5432 }] } },
    ],
    [tapBypassed, 'no connection', { failure, services, tap: { ...tap, direct: [] } }],
    [
      toldOnWire,
      'what the worker wrote itself',
      { failure, tap: { ...tap, refusals: [refusal] }, ...stderr(`Error: ${refusal.text}`) },
    ],
    [toldOnWire, 'nothing refused', { failure, tap }],
    [consumesOnWire, 'a consumer where it should be', { failure, services, tap: on('/', 'default') }],
    [consumesOnWire, 'no connection', { failure, services, tap }],
    [consumesOnWire, 'no consumer', { failure, services, tap: on('/') }],
    [idleOnWire, 'a consumer of another queue', { failure, services, tap: on('/', 'ops') }],
    [
      toldOnWire,
      'what a worker that died now was answered long before',
      { failure: exited(1), tap: { ...tap, refusals: [{ ...refusal, agoMs: 5_000 }] } },
    ],
    [
      tapBypassed,
      'a connection to anything else',
      { failure, services, tap: { ...tap, direct: [{ host: '127.0.0.1', port: 8080 }] } },
    ],
  ],
});

test('a worker that goes past its tap fails with a code of its own', () => {
  const error = explainStartFailure(failure, evidence({ failure, services, tap, variables: [url] }));
  expect(error.code).toBe('TAP_BYPASSED');
  expect(error.message).toContain('it is alive but not ready after 30000 ms\ncause:  it is connected to');
});
