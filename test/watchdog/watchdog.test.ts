import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { createWatchdog } from '../../src/watchdog/watchdog.ts';
import type { WatchdogMessage, WatchedLaunch } from '../../src/watchdog/watched-launch.ts';

class StubbedProcess extends EventEmitter {
  readonly stdin = new PassThrough();

  heard(): readonly WatchdogMessage[] {
    const lines = String(this.stdin.read() ?? '').split('\n');
    return lines.filter(line => line !== '').map(line => JSON.parse(line) as WatchdogMessage);
  }
}

function stubbedWatchdog() {
  const processes: StubbedProcess[] = [];
  const watchdog = createWatchdog(() => {
    const started = new StubbedProcess();
    processes.push(started);
    return started as unknown as ChildProcess;
  });
  return { watchdog, processes };
}

function launch(id: string): WatchedLaunch {
  return { id, worker: 'ops', logPaths: [], signal: 'SIGTERM', isAsked: false, recordPath: '/nowhere' };
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
  expect(processes.map(started => started.heard())).toEqual([
    [
      { watch: launch('a') },
      { watch: { ...launch('a'), leader: { pid: 7, startTime: 8 } } },
      { forget: 'a' },
    ],
  ]);
});

test('a process that dies is replaced by one that is told what is still watched', () => {
  const { watchdog, processes } = stubbedWatchdog();
  for (const id of ['a', 'b', 'c']) watchdog.watch(launch(id));
  watchdog.forget('b');
  processes[0]?.emit('exit', null, 'SIGKILL');
  expect(processes[1]?.heard()).toEqual([{ watch: launch('a') }, { watch: launch('c') }]);
});

test('a process that dies with nothing to watch is replaced when there is something', () => {
  const { watchdog, processes } = stubbedWatchdog();
  watchdog.watch(launch('a'));
  watchdog.forget('a');
  processes[0]?.emit('exit', 0, null);
  expect(processes).toHaveLength(1);
  watchdog.watch(launch('b'));
  expect(processes[1]?.heard()).toEqual([{ watch: launch('b') }]);
});

test('one that cannot live is not replaced for ever', () => {
  const { watchdog, processes } = stubbedWatchdog();
  watchdog.watch(launch('a'));
  for (let index = 0; index < 50; index += 1) processes.at(-1)?.emit('exit', 1, null);
  expect(processes).toHaveLength(11);
});
