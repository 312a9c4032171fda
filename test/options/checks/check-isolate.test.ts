import { parseOptions } from '../../../src/options/parse-options.ts';
import { rabbitmq } from '../../../src/options/probe-functions.ts';
import { mistakesIn } from '../mistakes-in.ts';

const ops = { command: ['worker'], ready: [] };
const isolating = (isolate: unknown, worker: object = {}) => ({
  isolate,
  workers: { ops: { ...ops, ...worker } },
});

test('true stands for every default', () => {
  const complete = { postgres: {}, rabbitmq: {}, env: {}, testEnv: [], spare: 'auto', keepFailed: false };
  expect(parseOptions(isolating(true)).isolate).toEqual(complete);
  expect(parseOptions(isolating({})).isolate).toEqual(complete);
  expect(parseOptions(isolating(false)).isolate).toBeUndefined();
  expect(parseOptions(isolating({ postgres: false })).isolate?.postgres).toBe(false);
});

test.each([
  ['yes', {}, 'isolate: got "yes", want true, false, or an object'],
  [{ database: {} }, {}, 'isolate.database: got an unknown option'],
  [{ postgres: true }, {}, 'isolate.postgres: got true, want an object with prepare and inputs, or false'],
  [{ postgres: { prepare: 'npm run migrate', inputs: ['a'] } }, {}, 'write ["npm", "run", "migrate"]'],
  [{ postgres: { prepare: ['migrate'] } }, {}, 'isolate.postgres.inputs: got nothing beside prepare'],
  [{ postgres: { inputs: ['a'] } }, {}, 'isolate.postgres.inputs: got globs without prepare'],
  [
    { postgres: { prepare: ['a'], inputs: ['../b'] } },
    {},
    'isolate.postgres.inputs[0]: got "../b", want a glob of files below rootDir',
  ],
  [{ env: { A: 5 } }, {}, 'isolate.env.A: got a number, want a string'],
  [{ env: { A: '${slot.databse}' } }, {}, 'did you mean "slot.database"'],
  [{ env: { A: '${DATABASE_URL}' } }, {}, "variables of the worker go into the worker's own env"],
  [{ env: { 'A=b': 'x' } }, {}, 'want the name of a variable'],
  [{ spare: -1 }, {}, "isolate.spare: got -1, want 'auto', or a whole number from 0 to 100"],
  [{ spare: 'many' }, {}, 'isolate.spare: got "many", want \'auto\', or a whole number from 0 to 100'],
  [{ rabbitmq: { managementUrl: 'localhost' } }, {}, 'isolate.rabbitmq.managementUrl'],
  [true, { attach: true }, 'workers.ops.attach: got true beside isolate, want false'],
  [
    true,
    { ready: [rabbitmq({ queues: ['q'], share: true })] },
    'workers.ops.ready[0].share: got true beside isolate, want false',
  ],
])('isolate %j with a worker of %j is refused by its path', (isolate, worker, mistake) => {
  expect(mistakesIn(isolating(isolate, worker)).join('\n')).toContain(mistake);
});
