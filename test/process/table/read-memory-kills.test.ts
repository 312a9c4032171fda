import { readMemoryKills } from '../../../src/process/table/read-memory-kills.ts';

const machine = { '/proc/vmstat': 'pgfault 12\noom_kill 7\n' };
const reader = (files: Readonly<Record<string, string>>) => (path: string) => files[path];

test('readMemoryKills() takes memory.events of a control group of version 2', () => {
  const files = {
    ...machine,
    '/proc/self/cgroup': '0::/user.slice/run-1.scope\n',
    '/proc/self/mountinfo': '30 24 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n',
    '/sys/fs/cgroup/user.slice/run-1.scope/memory.events': 'low 0\nhigh 0\nmax 9\noom 3\noom_kill 2\n',
  };
  expect(readMemoryKills(reader(files))).toEqual({ count: 2, of: 'control group' });
});

test('readMemoryKills() takes memory.oom_control of a control group of version 1', () => {
  const files = {
    ...machine,
    '/proc/self/cgroup': '8:pids:/\n4:cpu,memory:/docker/abc\n0::/\n',
    '/proc/self/mountinfo':
      '40 31 0:37 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n',
    '/sys/fs/cgroup/memory/docker/abc/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 1\n',
    '/sys/fs/cgroup/memory/memory.oom_control': 'oom_kill 5\n',
  };
  expect(readMemoryKills(reader(files))).toEqual({ count: 1, of: 'control group' });
});

test('readMemoryKills() finds the group in a container, which has only its own part mounted', () => {
  const files = {
    ...machine,
    '/proc/self/cgroup': '4:memory:/docker/abc\n',
    '/proc/self/mountinfo': '35 31 0:32 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n',
    '/sys/fs/cgroup/memory/memory.oom_control': 'oom_kill 4\n',
  };
  expect(readMemoryKills(reader(files))).toEqual({ count: 4, of: 'control group' });
});

test('readMemoryKills() takes no other group for its own', () => {
  const files = {
    ...machine,
    '/proc/self/cgroup': '4:memory:/docker/abcdef\n',
    '/proc/self/mountinfo': '35 31 0:32 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n',
    '/sys/fs/cgroup/memory/memory.oom_control': 'oom_kill 4\n',
  };
  expect(readMemoryKills(reader(files))).toEqual({ count: 7, of: 'machine' });
});

test('readMemoryKills() knows nothing where the kernel does not count', () => {
  expect(readMemoryKills(reader({ '/proc/vmstat': 'pgfault 12\n' }))).toBeUndefined();
  expect(readMemoryKills(reader({}))).toBeUndefined();
});

test('readMemoryKills() reads this machine', () => {
  expect(readMemoryKills()?.count).toBeGreaterThanOrEqual(0);
});
