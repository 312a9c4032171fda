import type { ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { WatchdogMessage, WatchedLaunch } from '../../src/records/watched-launch.ts';
import { createWatchdog } from '../../src/watchdog/watchdog.ts';

class StubbedProcess extends EventEmitter {
  readonly pid = 4711;
  readonly stdin = new PassThrough();
  readonly stdout = new PassThrough();
  readonly kill = jest.fn(() => this.emit('exit', null, 'SIGKILL'));
  /** What it knew when it was started. */
  readonly born: readonly WatchdogMessage[];

  constructor(born: readonly WatchdogMessage[]) {
    super();
    this.born = born;
  }

  /** What it was told afterwards. */
  heard(): readonly WatchdogMessage[] {
    const lines = String(this.stdin.read() ?? '').split('\n');
    return lines.filter(line => line !== '').map(line => JSON.parse(line) as WatchdogMessage);
  }
}

function stubbedWatchdog({ upLimitMs = 60_000 } = {}) {
  const processes: StubbedProcess[] = [];
  const said: string[] = [];
  const watchdog = createWatchdog({
    upLimitMs,
    startProcess(messages) {
      const started = new StubbedProcess(messages);
      processes.push(started);
      return started as unknown as ChildProcess;
    },
    say: text => said.push(text),
  });
  return { watchdog, processes, said };
}

function launch(id: string): WatchedLaunch {
  return {
    id,
    worker: 'ops',
    logPaths: [],
    signal: 'SIGTERM',
    isAsked: false,
    askedHeirs: [],
    recordPath: '/nowhere',
  };
}

test('createWatchdog() starts no process before there is a launch', () => {
  expect(stubbedWatchdog().processes).toEqual([]);
});

test('watch() and forget() reach one process in order', () => {
  const { watchdog, processes } = stubbedWatchdog();
  watchdog.watch(launch('a'));
  watchdog.watch({ ...launch('a'), leader: { pid: 7, startTime: 8 } });
  watchdog.forget('a');
  watchdog.forget('unknown');
  expect(processes.map(({ born }) => born)).toEqual([[{ watch: launch('a') }]]);
  expect(processes[0]?.heard()).toEqual([
    { watch: { ...launch('a'), leader: { pid: 7, startTime: 8 } } },
    { forget: 'a' },
  ]);
});

test('FAULT 9: a process that dies is replaced by one that is born with all that is still watched, and it is said once', () => {
  const { watchdog, processes, said } = stubbedWatchdog();
  for (const id of ['a', 'b', 'c']) watchdog.watch(launch(id));
  watchdog.forget('b');
  processes[0]?.emit('exit', null, 'SIGKILL');
  expect(processes[1]?.born).toEqual([{ watch: launch('a') }, { watch: launch('c') }]);
  processes[1]?.emit('exit', null, 'SIGKILL');
  expect(processes[2]?.born).toEqual(processes[1]?.born);
  expect(processes.slice(1).map(started => started.heard())).toEqual([[], []]);
  expect(said).toEqual([
    'the watchdog (pid 4711) has ended, live-worker did not stop it: another one took over',
  ]);
});

test('a process that dies with nothing to watch is replaced when there is something', () => {
  const { watchdog, processes } = stubbedWatchdog();
  watchdog.watch(launch('a'));
  watchdog.forget('a');
  processes[0]?.emit('exit', 0, null);
  expect(processes).toHaveLength(1);
  watchdog.watch(launch('b'));
  expect(processes[1]?.born).toEqual([{ watch: launch('b') }]);
});

test('a process that does not come up is killed and replaced, one that does is left alone', async () => {
  const { watchdog, processes } = stubbedWatchdog({ upLimitMs: 20 });
  watchdog.watch(launch('a'));
  processes[0]?.stdout.write('up\n');
  processes[0]?.emit('exit', null, 'SIGKILL');
  await once(processes[1] as StubbedProcess, 'exit');
  expect(processes[0]?.kill).not.toHaveBeenCalled();
  expect(processes[1]?.kill).toHaveBeenCalledWith('SIGKILL');
  processes[2]?.stdout.write('up\n');
  expect(processes[2]?.born).toEqual([{ watch: launch('a') }]);
});

test('end() kills a process that did not come up, unless there is something it may watch', () => {
  const { watchdog, processes } = stubbedWatchdog();
  watchdog.watch(launch('a'));
  watchdog.end();
  expect(processes[0]?.kill).not.toHaveBeenCalled();
  watchdog.forget('a');
  watchdog.end();
  expect(processes[0]?.kill).toHaveBeenCalledWith('SIGKILL');
});

test('end() leaves a process alone that came up, which ends by itself', async () => {
  const { watchdog, processes } = stubbedWatchdog();
  watchdog.watch(launch('a'));
  processes[0]?.stdout.write('up\n');
  await new Promise(resolve => setImmediate(resolve));
  watchdog.forget('a');
  watchdog.end();
  expect(processes[0]?.kill).not.toHaveBeenCalled();
});

test('one that cannot live is not replaced for ever', () => {
  const { watchdog, processes, said } = stubbedWatchdog();
  watchdog.watch(launch('a'));
  for (let index = 0; index < 50; index += 1) processes.at(-1)?.emit('exit', 1, null);
  expect(processes).toHaveLength(11);
  expect(said.at(-1)).toMatch(/^no watchdog stays alive/);
  for (const id of ['b', 'c']) {
    watchdog.watch(launch(id));
    processes.at(-1)?.emit('exit', 1, null);
  }
  expect(said).toHaveLength(2);
});

test('untilUp() resolves at the first word of the process there is, or with its end', async () => {
  const { watchdog, processes } = stubbedWatchdog();
  await watchdog.untilUp();
  watchdog.watch(launch('a'));
  let isUp = false;
  const up = watchdog.untilUp().then(() => {
    isUp = true;
  });
  await new Promise(setImmediate);
  expect(isUp).toBe(false);
  processes[0]?.stdout.write('up\n');
  await up;
  processes[0]?.emit('exit', null, 'SIGKILL');
  const next = watchdog.untilUp();
  processes[1]?.emit('exit', 1, null);
  await next;
});
