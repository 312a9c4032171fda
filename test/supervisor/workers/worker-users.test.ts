import { WorkerUsers } from '../../../src/supervisor/workers/worker-users.ts';

const [one, other] = [{}, {}];

test('WorkerUsers names the files that use a worker now', () => {
  const users = new WorkerUsers();
  expect(users.files).toEqual([]);
  users.add(one, 'a.test.js');
  users.add(other, 'b.test.js');
  expect(users.size).toBe(2);
  expect(users.files).toEqual(['a.test.js', 'b.test.js']);
  users.delete(one);
  expect(users.files).toEqual(['b.test.js']);
});

test('WorkerUsers names the one that did last when none uses it', () => {
  const users = new WorkerUsers();
  users.add(one, 'a.test.js');
  users.add(other, 'b.test.js');
  users.delete(other);
  users.delete(one);
  users.delete({});
  expect(users.size).toBe(0);
  expect(users.files).toEqual(['a.test.js']);
});
