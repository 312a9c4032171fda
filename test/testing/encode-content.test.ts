import { celeryTask } from '../../src/testing/celery-task.ts';
import { encodeContent } from '../../src/testing/encode-content.ts';
import { nestMessage } from '../../src/testing/nest-message.ts';

test('headers are merged, and what a call says comes before an envelope, and that before defaults', () => {
  const { options } = encodeContent(celeryTask('shop.price'), {
    defaults: { headers: { tenant: 'a', task: 'other' }, messageId: 'm', correlationId: 'd', type: 'd' },
    options: { headers: { tenant: 'b' }, type: 'own' },
    id: 'id',
  });
  expect(options).toMatchObject({
    messageId: 'm',
    correlationId: 'id',
    contentType: 'application/json',
    contentEncoding: 'utf-8',
    type: 'own',
    headers: { tenant: 'b', task: 'shop.price', id: 'id', root_id: 'id', argsrepr: '[]' },
  });
});

test('a message has an id of its own, and no headers where there are none', () => {
  const [one, two] = [1, 2].map(() => encodeContent('text', { defaults: {}, options: {} }).options);
  expect(Object.keys(one ?? {})).toEqual(['messageId']);
  expect(one?.messageId).not.toBe(two?.messageId);
});

test('Nest gets an event without a call, and a request with one', () => {
  const body = (id?: string) =>
    JSON.parse(
      encodeContent(nestMessage({ cmd: 'price' }, { sku: 'cup' }), {
        defaults: {},
        options: {},
        ...(id && { id }),
      }).body.toString(),
    );
  expect(body()).toEqual({ pattern: { cmd: 'price' }, data: { sku: 'cup' } });
  expect(body('id')).toEqual({ pattern: { cmd: 'price' }, data: { sku: 'cup' }, id: 'id' });
});

test('the answers of Nest are read: one, several, an error', () => {
  const { readReply } = nestMessage('p');
  expect(readReply({ response: 1, isDisposed: true })).toEqual({ kind: 'value', value: 1 });
  expect(readReply({ response: 1 })).toEqual({ kind: 'more', value: 1 });
  expect(readReply({ isDisposed: true })).toEqual({ kind: 'value', value: undefined });
  expect(readReply({ err: 'no', isDisposed: true })).toEqual({ kind: 'error', summary: 'no', error: 'no' });
});

test('the results of Celery are read: states on the way, a result, failures', () => {
  const { readReply } = celeryTask('t');
  expect(readReply({ status: 'STARTED', result: { pid: 1 } })).toEqual({ kind: 'more', value: undefined });
  expect(readReply({ status: 'SUCCESS', result: null })).toEqual({ kind: 'value', value: null });
  expect(
    readReply({ status: 'REVOKED', result: { exc_type: 'TaskRevokedError', exc_message: ['expired'] } }),
  ).toMatchObject({
    kind: 'error',
    summary: 'TaskRevokedError: expired',
  });
  expect(readReply({ status: 'FAILURE', result: 'odd' })).toMatchObject({
    kind: 'error',
    summary: 'FAILURE',
  });
});
