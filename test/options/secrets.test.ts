import { parseOptions } from '../../src/options/parse-options.ts';
import { linesOf, mistakesInProbe, mistakesInWorker } from './mistakes-in.ts';

const secret = 'hunter2';

test.each<[string, object]>([
  ['a value of env', { env: { A: { secret } } }],
  ['env itself', { env: `A=${secret}` }],
  ['a list for env', { env: [`A=${secret}`] }],
  ['a name of env', { env: { [`A=${secret}`]: 'x' } }],
  ['a name of env with NUL', { env: { [`A=${secret}\0`]: 'x' } }],
  ['a value of env with NUL', { env: { A: `${secret}\0` } }],
  ['an option like env', { evn: { A: secret } }],
  [
    'a variable with its value',
    { requireEnv: [`A=${secret}`], ports: `A=${secret}`, inherit: [`A=${secret}`] },
  ],
  ['a password in a command', { command: `worker amqp://me:${secret}@host --password=${secret}` }],
  ['a password in a script', { shell: true, command: ['worker', `amqp://me:${secret}@host`] }],
  ['a password at the cut', { command: `${'x'.repeat(60)}://me:${secret.repeat(10)}@host` }],
])('parseOptions() never prints %s', (_, worker) => {
  const lines = mistakesInWorker(worker);
  expect(lines).not.toEqual([]);
  expect(lines.join('\n')).not.toContain(secret);
});

test('parseOptions() never prints a password in the URL of a probe', () => {
  const [line] = mistakesInProbe({ kind: 'http', url: `amqp://me:${secret}@host` });
  expect(line).toContain('got "amqp://me:***@host"');
});

test('parseOptions() never prints the env of a worker in the wrong place', () => {
  const worker = { command: ['worker'], ready: [], env: { A: secret } };
  const lines = linesOf(() => parseOptions({ workers: [worker], gate: worker, extra: worker }));
  expect(lines).toHaveLength(4);
  expect(lines.join('\n')).not.toContain(secret);
});
