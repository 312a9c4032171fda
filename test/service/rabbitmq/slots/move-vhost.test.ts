import { moveBrokerUrl, placeOfVhost } from '../../../../src/service/rabbitmq/slots/move-vhost.ts';

const name = 'lw_0123456789ab_1';

test.each([
  ['amqp://localhost', 'localhost:5672/%2F', `amqp://localhost/${name}`],
  ['amqp://me:p%2Fw@127.0.0.1:5672/', 'localhost:5672/%2F', `amqp://me:p%2Fw@127.0.0.1:5672/${name}`],
  ['pyamqp://localhost//', 'localhost:5672/%2F', `pyamqp://localhost/${name}`],
  ['amqps://broker/app?heartbeat=5', 'broker:5671/app', `amqps://broker/${name}?heartbeat=5`],
  ['amqp://localhost/other', 'localhost:5672/%2F', undefined],
  ['amqp://one;amqp://two', 'one:5672/%2F', undefined],
  ['redis://localhost', 'localhost:5672/%2F', undefined],
])('%s in place %s becomes %s', (text, place, moved) => {
  expect(moveBrokerUrl(text, { place, name })).toBe(moved);
});

test('one broker has one name on this machine, and each vhost its own', () => {
  const places = ['amqp://localhost', 'amqp://[::1]:5672/%2f', 'amqp://me@127.0.0.1/'].map(placeOfVhost);
  expect(new Set(places).size).toBe(1);
  expect(placeOfVhost('amqp://localhost/a')).not.toBe(places[0]);
});
