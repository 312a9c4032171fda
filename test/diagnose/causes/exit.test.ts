import {
  endedAsDone,
  killed,
  missingLibrary,
  refusedByShell,
  wroteNothing,
} from '../../../src/diagnose/causes/exit.ts';
import { exited, killedBy, stderr, timeout } from '../crafted-evidence.ts';
import { testRules } from './test-rules.ts';

testRules({
  shown: [
    [
      missingLibrary,
      'an extension of Python',
      stderr('ImportError: libpq.so.5: cannot open shared object file: No such file or directory'),
      ['the shared library libpq.so.5 is not installed'],
    ],
    [
      missingLibrary,
      'the loader',
      {
        failure: exited(127),
        ...stderr(
          './ops: error while loading shared libraries: libssl.so.3: cannot open shared object file: No such file',
        ),
      },
      ['the shared library libssl.so.3 is not installed'],
    ],
    [
      missingLibrary,
      'a C library that is too old',
      stderr("./ops: /lib/libc.so.6: version `GLIBC_2.38' not found (required by ./ops)"),
      ['it was built for a newer system', 'no GLIBC_2.38'],
    ],
    [
      killed,
      'a counter that rose',
      { failure: killedBy('SIGKILL'), memoryKills: { count: 1, of: 'control group' } },
      [
        "it was killed by SIGKILL, not by live-worker; the kernel's out-of-memory counter of its control group rose by 1 since the worker was started",
        'more memory',
      ],
    ],
    [
      killed,
      'a counter that did not',
      { failure: killedBy('SIGKILL'), memoryKills: { count: 0, of: 'machine' } },
      ["the kernel's out-of-memory counter of this machine did not rise", 'look for whoever sends it'],
    ],
    [
      killed,
      'no counter',
      { failure: killedBy('SIGKILL') },
      [/not by live-worker$/, 'look for whoever sends it'],
    ],
    [killed, 'a shell between', { failure: exited(137) }, ['code 137 is what a shell answers']],
    [
      killed,
      'a worker that was ready',
      { failure: { kind: 'died', exit: { code: null, signal: 'SIGKILL' } } },
      ['it was killed by SIGKILL'],
    ],
    [
      refusedByShell,
      '127',
      { failure: exited(127), ...stderr('sh: 1: dramatiq: not found') },
      ['code 127 is what a shell answers when it finds no such program: sh: 1: dramatiq: not found', 'PATH'],
    ],
    [
      refusedByShell,
      '127 of env',
      { failure: exited(127), ...stderr('/usr/bin/env: ‘pyhton’: No such file or directory') },
      ['‘pyhton’: No such file or directory'],
    ],
    [
      refusedByShell,
      '126',
      { failure: exited(126), ...stderr('sh: 1: ./worker.sh: Permission denied') },
      [
        'code 126 is what a shell answers when it cannot execute a program: sh: 1: ./worker.sh: Permission denied',
        'chmod +x',
      ],
    ],
    [
      endedAsDone,
      'a daemon',
      { failure: exited(0), tree: [{ pid: 4711, command: 'celery worker' }] },
      ['it turned itself into a daemon', '| pid 4711: celery worker', 'keep it in the foreground'],
    ],
    [
      endedAsDone,
      'nothing left',
      { failure: exited(0) },
      ['it had nothing to do, or it turned itself into a daemon'],
    ],
    [
      wroteNothing,
      'a timeout without a word',
      { failure: timeout, output: { stdout: [], stderr: [] } },
      [/^it wrote nothing, and is not seen to be inside of anything$/],
    ],
  ],
  silent: [
    [missingLibrary, 'a library that is named', stderr('loaded libpq.so.5')],
    [killed, 'another signal', { failure: killedBy('SIGTERM'), memoryKills: { count: 1, of: 'machine' } }],
    [killed, 'a timeout', { failure: timeout, memoryKills: { count: 1, of: 'machine' } }],
    [refusedByShell, 'another code', { failure: exited(1), ...stderr('sh: 1: dramatiq: not found') }],
    [
      refusedByShell,
      'a loader that found no library',
      {
        failure: exited(127),
        ...stderr('ops: libx.so.1: cannot open shared object file: No such file or directory'),
      },
    ],
    [endedAsDone, 'another code', { failure: exited(3) }],
    [endedAsDone, 'a worker that was ready', { failure: { kind: 'died', exit: { code: 0, signal: null } } }],
    [wroteNothing, 'an exit', { output: { stdout: [], stderr: [] } }],
    [wroteNothing, 'a worker that wrote', { failure: timeout }],
  ],
});
