import { BrokerConnection } from '../../../src/service/rabbitmq/broker-connection.ts';
import { brokerAnswersProbe } from '../../../src/service/rabbitmq/rabbitmq-probe.ts';
import { rabbitmqUrl } from '../services.ts';

const { signal } = new AbortController();

afterEach(() => jest.resetModules());

test.each(['ERR_REQUIRE_ESM', 'MODULE_NOT_FOUND'])(
  'an amqplib that cannot be loaded (%s) is named, and not waited for',
  async code => {
    jest.doMock('amqplib', () => {
      throw Object.assign(new Error(`cannot load /somewhere/amqplib`), { code });
    });
    const connection = new BrokerConnection(rabbitmqUrl, 'connect-broker.test');
    expect(await brokerAnswersProbe(connection).check(signal)).toEqual({
      kind: 'fatal',
      why: `Cannot talk to RabbitMQ: the package amqplib cannot be loaded (${code})\nInstall the dependencies of jest-environment-live-worker again`,
    });
    await connection.close();
  },
);
