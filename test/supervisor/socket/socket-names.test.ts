import { electedName, parseSocketName, privateName } from '../../../src/supervisor/socket/socket-names.ts';

const run = { pid: 12, startTime: 3456, space: { boot: 'b', namespace: 'n' } };
const owner = { pid: 78, startTime: 9 };

test('parseSocketName() reads the names that electedName() and privateName() make', () => {
  const elected = parseSocketName(electedName(run, 3));
  expect(elected).toMatchObject({ number: 3, runOwner: { pid: 12, startTime: 3456 } });
  expect(elected).not.toHaveProperty('owner');
  const own = parseSocketName(privateName(run, 3, owner));
  expect(own).toMatchObject({ number: 3, owner, run: elected?.run });
});

test('one that could not read a start time is told from one that has it', () => {
  const name = privateName({ ...run, startTime: 0 }, 0, { pid: 78, startTime: undefined });
  expect(parseSocketName(name)).toMatchObject({
    runOwner: { pid: 12, startTime: undefined },
    owner: { pid: 78, startTime: undefined },
  });
});

test('two boots, two containers and two processes of one number share no name', () => {
  const others = [
    { ...run, startTime: 3457 },
    { ...run, space: { ...run.space, boot: 'c' } },
    { ...run, space: { ...run.space, namespace: 'm' } },
  ];
  expect(new Set([run, ...others].map(one => electedName(one, 0))).size).toBe(4);
});

test.each(['supervisor.log', '1-2-ab', '1-2-ab.x', '1-2-ab.0.5', '.1-2-ab.0'])(
  '%s is no name of a socket',
  name => {
    expect(parseSocketName(name)).toBeUndefined();
  },
);
