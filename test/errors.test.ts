import { headlineOf, LiveWorkerError } from '../src/errors.ts';

test('the stack of a LiveWorkerError begins with its code', () => {
  const error = new LiveWorkerError('WORKER_UNKNOWN', 'no worker "x"\nit has "ops"');
  expect(error.stack).toMatch(/^LiveWorkerError \[WORKER_UNKNOWN\]: no worker "x"\nit has "ops"\n {4}at /);
  expect(error.name).toBe('LiveWorkerError');
});

test('headlineOf() shows the code of a LiveWorkerError, and the name of any other', () => {
  expect(headlineOf(new LiveWorkerError('WAIT_TIMEOUT', 'no row'))).toBe(
    'LiveWorkerError [WAIT_TIMEOUT]: no row',
  );
  expect(headlineOf(new TypeError('no'))).toBe('TypeError: no');
});
