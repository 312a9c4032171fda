import fc from 'fast-check';
import { isLiveWorkerError } from '../../../src/errors.ts';
import { BrokerConnection } from '../../../src/service/rabbitmq/broker-connection.ts';
import { classifyBrokerError } from '../../../src/service/rabbitmq/classify-broker-error.ts';
import { brokerUrl } from '../locate-urls.ts';
import { rabbitmqUrl } from '../services.ts';

const { host, username, password } = new URL(rabbitmqUrl);
const awkward = fc.oneof(
  fc.constantFrom(
    'abc',
    '-1',
    '0',
    '1',
    '4096',
    '1e9',
    'NaN',
    '{"a":1}',
    '[]',
    '%',
    '%zz',
    '%00',
    '%ff',
    'x'.repeat(300),
  ),
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const parameter = fc.tuple(
  fc.constantFrom(
    'heartbeat',
    'channelMax',
    'frameMax',
    'maxFrameSize',
    'locale',
    'vhost',
    'timeout',
    '__proto__',
    '',
  ),
  awkward,
);

/** What becomes of a URL: only what is ours to say may come out. */
async function tried(url: string): Promise<string> {
  try {
    brokerUrl(url, {}, 'rabbitmq()');
  } catch (error) {
    if (isLiveWorkerError(error)) return error.code;
    throw error;
  }
  const connection = new BrokerConnection(url, 'broker-url.property.test');
  try {
    await connection.open();
    return 'open';
  } catch (error) {
    expect(classifyBrokerError(error, connection.address).why).not.toBe('');
    return 'refused';
  } finally {
    await connection.close();
  }
}

test('no query of an AMQP URL keeps anybody from connecting', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(parameter, { maxLength: 4 }), async parameters => {
      const query = parameters.map(([name, value]) => `${name}=${value.replace(/[#&]/g, '')}`).join('&');
      const outcome = await tried(`amqp://${username}:${password}@${host}/?${query}`);
      expect(['open', 'OPTIONS_INVALID']).toContain(outcome);
    }),
    { numRuns: 150 },
  );
});

test('whatever stands in the pieces of an AMQP URL, what comes out is ours', async () => {
  await fc.assert(
    fc.asyncProperty(awkward, awkward, awkward, async (user, secret, vhost) => {
      expect(['open', 'refused', 'OPTIONS_INVALID']).toContain(
        await tried(`amqp://${user}:${secret}@${host}/${vhost}`),
      );
    }),
    { numRuns: 40 },
  );
});

test('whatever text is given for an AMQP URL, it is refused by a code or becomes an address', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('', 'amqp:', 'amqp://', 'amqps://[', 'pyamqp://'),
      fc.string({ unit: 'binary' }),
      (start, rest) => {
        try {
          const url = brokerUrl(`${start}${rest}`, {}, 'rabbitmq()');
          expect(new BrokerConnection(url, 'x').address.port).toBeGreaterThan(0);
        } catch (error) {
          expect(isLiveWorkerError(error)).toBe(true);
        }
      },
    ),
  );
});
