import { createPsReader } from '../../../src/process/table/ps-reader.ts';
import { runPs } from '../../../src/process/table/run-ps.ts';
import { killTree } from '../../../src/process/tree/kill-tree.ts';
import { findWorkerTree } from '../../../src/process/tree/worker-tree.ts';
import { pretendWindows } from '../own-processes.ts';

/** As macOS prints it: pid, parent, group, session, state, start, command and environment. */
const table = `
    1     0     1      0 Ss   Mon Nov 23 09:00:00 2026     /sbin/launchd
  500   400   500      0 Ss   Mon Nov 23 10:00:01 2026     /usr/local/bin/node worker.js --name a b PATH=/usr/bin LIVE_WORKER_ID=ops.1 HOME=/Users/me
  501   500   500      0 S    Mon Nov 23 10:00:02 2026     /usr/local/bin/node child.js
  502     1   502      0 Ss   Mon Nov  3 10:00:03 2027     /usr/bin/python3 daemon.py LIVE_WORKER_ID=ops.1
  503     1   503      0 Ss   Mon Nov 23 10:00:03 2026     /usr/bin/python3 envless.py
  504     1   504      0 Ss   Mon Nov 23 10:00:03 2026     /usr/bin/python3 other.py LIVE_WORKER_ID=ops.11
  505   501   505      0 Z    Mon Nov 23 10:00:03 2026     (node)
`;

function runSimulated(args: readonly string[]): string | undefined {
  const pid = args.includes('-p') ? args.at(-1) : undefined;
  const environmentAsked = args.some(word => /^-\w*E/.test(word));
  const lines = table.split('\n').filter(line => pid === undefined || line.trim().startsWith(`${pid} `));
  return lines.map(line => (environmentAsked ? line : line.replace(/ [A-Z_]+=\S*/g, ''))).join('\n');
}

const reader = createPsReader(runSimulated);
const leader = { pid: 500, startTime: Date.UTC(2026, 10, 23, 10, 0, 1) / 1_000 };
const mark = { id: 'ops.1', leader, logPaths: ['/logs/ops'] };

test('FAULT 60: createPsReader() reads the table of ps', () => {
  expect(reader.list()).toHaveLength(7);
  expect(reader.entry(500)).toEqual({ ...leader, parent: 400, group: 500, session: 500, state: 'S' });
  expect(reader.entry(505)?.state).toBe('Z');
  expect(reader.entry(7)).toBeUndefined();
  expect(reader.commandLine(500)).toBe('/usr/local/bin/node worker.js --name a b');
  expect(reader.environment(500)).toContain('\0LIVE_WORKER_ID=ops.1\0');
});

test('FAULT 60: findWorkerTree() goes by group, parents and cookie where there is only ps, and misses who has none of them', () => {
  expect(findWorkerTree(mark, reader)?.map(({ pid }) => pid)).toEqual([500, 501, 502]);
});

test('FAULT 60: killTree() names by pid who outlives it where there is only ps', async () => {
  const kill = jest.spyOn(process, 'kill').mockReturnValue(true);
  const survivors = await killTree(mark, 0, reader);
  expect(kill.mock.calls).toEqual([500, 501, 502].map(pid => [pid, 'SIGKILL']));
  kill.mockRestore();
  expect(survivors.map(({ pid }) => pid)).toEqual([500, 501, 502]);
});

test.each([[undefined], [''], ['error: /proc must be mounted']])(
  'createPsReader() knows nothing when ps prints %j',
  text => {
    const blind = createPsReader(() => text);
    expect([blind.list(), blind.entry(1), findWorkerTree(mark, blind)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(blind.commandLine(1)).toBe('');
  },
);

test('FAULT 26: runPs() answers nothing for a ps that refuses, and nothing on Windows', () => {
  expect(runPs(['--no-such-option'])).toBeUndefined();
  const restore = pretendWindows();
  expect(runPs(['-p', '1'])).toBeUndefined();
  restore();
});

test('runPs() prints lines that are understood', () => {
  const columns = 'pid=,ppid=,pgid=,sess=,stat=,lstart=,command=';
  const own = createPsReader(() => runPs(['-ww', '-o', columns, '-p', String(process.pid)])).entry(
    process.pid,
  );
  expect(own).toMatchObject({ pid: process.pid, parent: process.ppid, startTime: expect.any(Number) });
});
