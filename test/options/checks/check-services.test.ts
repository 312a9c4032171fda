import { checkServices } from '../../../src/options/checks/check-services.ts';
import { parseOptions } from '../../../src/options/parse-options.ts';
import { linesOf } from '../mistakes-in.ts';

const ops = { command: ['worker'], ready: [] };

test('parseOptions() keeps services, and refuses what is none', () => {
  const services = { rabbitmq: 'auto', postgres: 'private' };
  expect(parseOptions({ workers: { ops }, services }).services).toEqual(services);
  expect(parseOptions({ workers: { ops } }).services).toEqual({});
  const wrong = { postgres: 'privat', rabitmq: 'auto' };
  expect(linesOf(() => parseOptions({ workers: { ops }, services: wrong }))).toEqual([
    'Cannot use the options of live-worker: 2 mistakes',
    'services.postgres: got "privat", want one of "found", "private", "docker", "auto"; did you mean "private"?',
    'services.rabitmq: got an unknown option, want a known one; did you mean "rabbitmq"?',
  ]);
});

test.each([
  ['a service of no worker', { workers: {}, services: { postgres: 'auto' } }, ['services.postgres']],
  ['one that is found', { workers: {}, services: { postgres: 'found' } }, []],
  [
    'a worker that runs already',
    { workers: { ops: { ...ops, attach: true } }, services: { postgres: 'auto' } },
    ['workers.ops.attach'],
  ],
  [
    'what is kept on a server that goes',
    { workers: { ops }, services: { postgres: 'private' }, isolate: { keepFailed: true } },
    ['isolate.keepFailed'],
  ],
  [
    'what is kept on one that stays',
    { workers: { ops }, services: { postgres: 'private' }, isolate: { keepFailed: true }, keepAliveMs: 1 },
    [],
  ],
])('checkServices() of %s', (_, options, paths) => {
  expect(checkServices(options).map(({ path }) => path)).toEqual(paths);
});
