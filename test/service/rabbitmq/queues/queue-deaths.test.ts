import { QueueDeaths } from '../../../../src/service/rabbitmq/queues/queue-deaths.ts';

test('QueueDeaths tells of a death once, with what stood on the queue before the worker', () => {
  const deaths = new QueueDeaths();
  deaths.noteSpawn('a', 3);
  expect(deaths.take('a')).toBeUndefined();
  deaths.noteDeath('a', ['one.test.js']);
  expect(deaths.take('b')).toBeUndefined();
  expect(deaths.take('a')).toEqual({ before: 3, files: ['one.test.js'] });
  expect(deaths.take('a')).toBeUndefined();
});

test('QueueDeaths names the files of all workers that died on a queue, each once', () => {
  const deaths = new QueueDeaths();
  deaths.noteDeath('a', ['one.test.js', 'two.test.js']);
  deaths.noteDeath('a', ['two.test.js', 'three.test.js']);
  expect(deaths.take('a')).toEqual({ before: 0, files: ['one.test.js', 'two.test.js', 'three.test.js'] });
});

test('QueueDeaths tells nothing of a death once a fresh worker was spawned, or others had the queue', () => {
  const deaths = new QueueDeaths();
  deaths.noteDeath('a', ['one.test.js']);
  deaths.noteSpawn('a', 2);
  expect(deaths.take('a')).toBeUndefined();
  deaths.noteDeath('a', ['one.test.js']);
  deaths.forget('a');
  expect(deaths.take('a')).toBeUndefined();
});
