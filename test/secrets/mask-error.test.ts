import { LiveWorkerError } from '../../src/errors.ts';
import { maskError } from '../../src/secrets/mask-error.ts';
import { Secrets } from '../../src/secrets/secrets.ts';

const secrets = new Secrets([['TOKEN', 'hunter2']]);

test('maskError() leaves no secret in message, stack, details and causes', () => {
  const cause = Object.assign(new Error('spawn hunter2 ENOENT'), {
    spawnargs: ['--token', 'hunter2'],
    code: 'ENOENT',
  });
  const details = { worker: 'ops', pids: [1], survivors: [{ pid: 2, command: 'x hunter2' }] };
  const error = new LiveWorkerError('STOP_FAILED', 'left: hunter2', { details, cause });
  expect(maskError(error, secrets)).toBe(error);
  expect(error).toMatchObject({
    code: 'STOP_FAILED',
    message: 'left: ***',
    details: { worker: 'ops', pids: [1], survivors: [{ pid: 2, command: 'x ***' }] },
  });
  expect(cause).toMatchObject({ message: 'spawn *** ENOENT', spawnargs: ['--token', '***'] });
  expect(`${error.stack} ${cause.stack}`).not.toContain('hunter2');
});

test('maskError() ends with causes in a circle, and takes what is no error as it is', () => {
  const error: Error = new Error('hunter2');
  error.cause = error;
  expect(maskError(error, secrets).message).toBe('***');
  expect(maskError(undefined, secrets)).toBe(undefined);
  expect(maskError(Object.freeze(new Error('hunter2')), secrets)).toBeInstanceOf(Error);
});
