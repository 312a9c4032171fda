import { type Probe, pending, ready } from '../../../src/probe/probe.ts';
import { Secrets } from '../../../src/secrets/secrets.ts';
import { maskedProbe } from '../../../src/worker/prepare/masked-probe.ts';
import { stopFailed } from '../../../src/worker/runner/worker-errors.ts';

const secrets = new Secrets([['TOKEN', 'hunter2']]);
const { signal } = new AbortController();
const probe = (check: Probe['check']): Probe =>
  maskedProbe({ description: 'GET http://me:pass@host says hunter2', check, attemptTimeoutMs: 7 }, secrets);

test('maskedProbe() answers the same without a secret', async () => {
  const masked = probe(async () =>
    pending('hunter2, amqp://me:pass@host, password=x', { hopelessAfterMs: 5 }),
  );
  expect(masked).toMatchObject({ description: 'GET http://me:***@host says ***', attemptTimeoutMs: 7 });
  expect(await masked.check(signal)).toEqual(
    pending('***, amqp://me:***@host, password=***', { hopelessAfterMs: 5 }),
  );
  expect(await probe(async () => ready).check(signal)).toBe(ready);
});

test('maskedProbe() throws what a probe throws, without a secret', async () => {
  const failing = probe(async () => {
    throw new Error('hunter2 failed');
  });
  await expect(failing.check(signal)).rejects.toThrow(/^\*\*\* failed$/);
});

test('stopFailed() shows the command lines of survivors without passwords', () => {
  const { message, details } = stopFailed('ops', [{ pid: 7, command: 'x --token y amqp://me:hunter2@h' }], 1);
  expect(message).toContain('pid 7: x --token *** amqp://me:***@h');
  expect(JSON.stringify(details)).not.toContain('hunter2');
});
