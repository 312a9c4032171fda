import { hostUnknown, neverAnswered } from '../../../src/diagnose/causes/unreachable.ts';
import { evidence, stderr, variable } from '../crafted-evidence.ts';
import { testRules } from './test-rules.ts';

const variables = [variable('RABBITMQ_URL', 'amqp://guest:***@rabbit:5672', 'set in .env:3')];

test.each([
  ['Node', 'Error: getaddrinfo ENOTFOUND rabbit'],
  ['Node, for now', 'Error: getaddrinfo EAI_AGAIN rabbit'],
  ['Go', 'dial tcp: lookup rabbit on 127.0.0.11:53: no such host'],
  ['the JVM', 'Caused by: java.net.UnknownHostException: rabbit: Name or service not known'],
  ['libpq', 'could not translate host name "rabbit" to address: Name or service not known'],
  ['PHP', 'php_network_getaddrinfo: getaddrinfo for rabbit failed: Name or service not known'],
  ['redis-py', 'Error -2 connecting to rabbit:6379. Name or service not known.'],
  [
    'Celery',
    'consumer: Cannot connect to amqp://guest:**@rabbit:5672//: [Errno -2] Name or service not known.',
  ],
])('hostUnknown() reads the host in the words of %s', (_runtime, line) => {
  const cause = hostUnknown(evidence({ ...stderr(line), variables }));
  expect(cause?.text).toBe('the host "rabbit" has no address, which comes from RABBITMQ_URL, set in .env:3');
  expect(cause?.change.join()).toContain(
    'correct the host in RABBITMQ_URL: the service names of Docker Compose',
  );
});

test.each([
  ['Node', 'Error: connect ETIMEDOUT 10.9.8.7:5672'],
  ['Python', "OSError: [Errno 113] No route to host ('10.9.8.7', 5672)"],
  ['Go', 'dial tcp 10.9.8.7:5672: i/o timeout'],
  ['the JVM', 'java.net.SocketTimeoutException: Connect timed out to 10.9.8.7'],
  ['Ruby', 'Connection timed out - connect(2) for 10.9.8.7:5672 (Errno::ETIMEDOUT)'],
  ['libpq', 'connection to server at "10.9.8.7", port 5432 failed: timeout expired'],
  ['Rust', 'Os { code: 101, kind: NetworkUnreachable, message: "Network is unreachable" } 10.9.8.7'],
])('neverAnswered() reads a silent network in the words of %s', (_runtime, line) => {
  const settings = [variable('BROKER_HOST', '10.9.8.7', 'set in .env:6')];
  const cause = neverAnswered(evidence({ ...stderr(line), variables: settings }));
  expect(cause?.text).toBe(
    `a server it wants to connect to does not answer, which comes from BROKER_HOST, set in .env:6: ${line}`,
  );
  expect(cause?.change.join()).toContain('correct the address in BROKER_HOST');
});

testRules({
  shown: [
    [
      hostUnknown,
      'a line without the host',
      stderr('socket.gaierror: [Errno -2] Name or service not known'),
      ['a name it wants to connect to has no address: socket.gaierror', 'Docker Compose'],
    ],
    [
      neverAnswered,
      'no variable',
      stderr('connect ETIMEDOUT 10.0.0.1:80'),
      ['correct the address, or look for'],
    ],
  ],
  silent: [
    [hostUnknown, 'another refusal', stderr('connect ECONNREFUSED 127.0.0.1:5999')],
    [neverAnswered, 'a timeout of the worker itself', stderr('task timed out after 3 s', 'lock timeout')],
  ],
});
