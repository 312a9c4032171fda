import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isDying } from '../../../src/process/table/is-dying.ts';
import { identifyProcess, isAlive } from '../../../src/process/table/process-identity.ts';

test('isDying() tells of a process from the moment it is killed until it is gone', async () => {
  const children = Array.from({ length: 8 }, () => spawn('sleep', ['60']));
  const identities = children.map(({ pid }) => identifyProcess(pid as number));
  expect(identities.map(isDying)).toEqual(identities.map(() => false));
  for (const child of children) child.kill('SIGKILL');
  const unheard = identities.filter(identity => !isDying(identity) && isAlive(identity));
  expect(unheard).toEqual([]);
  await Promise.all(children.map(child => once(child, 'exit')));
  expect(identities.map(isDying)).toEqual(identities.map(() => false));
});
