import { secretSources, secretSourcesOf } from '../../src/launch/secret-sources.ts';
import { Secrets } from '../../src/secrets/secrets.ts';
import { workerSpec } from './worker-spec.ts';

const none = { env: {}, args: [] };

test.each<[string, readonly string[]]>([
  ['an option and its value', ['--password', 'hun ter2']],
  ['an option with its value', ['--api-token=hun ter2']],
  ['a script', ['-c', "run --verbose --password 'hun ter2' && done"]],
  ['a variable for a container', ['run', '-e', 'PGPASSWORD=hun ter2']],
  ['a variable in an option', ['run', '--env=PGPASSWORD=hun ter2']],
  ['an option of one letter of a client', ['/usr/bin/mysql', '-h', 'db', '-phun ter2']],
  ['the word behind such an option', ['sshpass', '-p', 'hun ter2', 'ssh', 'h']],
  ['what stands behind the user', ['curl', '-u', 'me:hun ter2', 'http://h']],
  ['a header', ['curl', '-H', '{"X-Api-Key": "hun ter2"}']],
  ['JSON', ['--config', '{"db":{"password":"hun ter2"}}']],
  ['a URL', ['amqp://me:hun%20ter2@host']],
])('secretSources() finds a secret in %s of a command', (_, args) => {
  expect(new Secrets(secretSources({ env: {}, args }, [])).mask('it is hun ter2')).toBe('it is ***');
});

test('secretSources() finds secrets in probes, by the names on the way to them', () => {
  const secrets = new Secrets(
    secretSources(none, [
      {
        kind: 'module',
        path: './probe.js',
        options: { auth: { words: ['first-one'] }, token: 'second', plain: 'third' },
      },
      { kind: 'http', status: '200-299', url: 'http://me:fourth@host', strangers: 'fail' },
      { kind: 'command', command: ['curl', '--key', 'fifth-one'], attemptTimeoutMs: 1 },
    ]),
  );
  expect(secrets.mask('first-one second third fourth fifth-one module ./probe.js curl')).toBe(
    '*** *** third *** *** module ./probe.js curl',
  );
});

test('secretSourcesOf() knows what a spec holds before it is resolved', () => {
  const spec = workerSpec({ env: { A_TOKEN: 'hunter2', GONE: null }, command: ['x', '--password', '${PW}'] });
  expect(new Secrets(secretSourcesOf(spec)).mask('hunter2 ${PW}')).toBe('*** ${PW}');
});
