import {
  endedAsDone,
  inputEnded,
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
      ["the kernel's out-of-memory counter of this machine did not rise", 'find what sends it'],
    ],
    [killed, 'no counter', { failure: killedBy('SIGKILL') }, [/not by live-worker$/, 'find what sends it']],
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
      inputEnded,
      'an end without a word',
      { failure: exited(0), output: { stdout: [], stderr: [] } },
      ['it ended without a word', 'its standard input', "set stdin: 'pipe'"],
    ],
    [
      inputEnded,
      'an end that is said',
      { failure: exited(0), ...stderr('[watch] stopped automatically because stdin was closed') },
      [
        'its standard input is empty, and it ends with that: [watch] stopped automatically because stdin was closed',
        "set stdin: 'pipe'",
      ],
    ],
    [
      inputEnded,
      'an end after it was ready, as with ready: []',
      {
        failure: { kind: 'died', exit: { code: 0, signal: null } },
        ...stderr('worker: EOF on stdin, shutting down'),
      },
      ['it ends with that: worker: EOF on stdin, shutting down'],
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
    [inputEnded, 'another code', { failure: exited(3), output: { stdout: [], stderr: [] } }],
    [inputEnded, 'a worker that said something else', { failure: exited(0) }],
    [
      inputEnded,
      'an input that was open',
      { failure: exited(0), stdin: 'pipe', output: { stdout: [], stderr: [] } },
    ],
    [
      inputEnded,
      'a daemon',
      {
        failure: exited(0),
        tree: [{ pid: 4711, command: 'celery worker' }],
        output: { stdout: [], stderr: [] },
      },
    ],
    [endedAsDone, 'an end without a word', { failure: exited(0), output: { stdout: [], stderr: [] } }],
    [endedAsDone, 'another code', { failure: exited(3) }],
    [endedAsDone, 'a worker that was ready', { failure: { kind: 'died', exit: { code: 0, signal: null } } }],
    [wroteNothing, 'an exit', { output: { stdout: [], stderr: [] } }],
    [wroteNothing, 'a worker that wrote', { failure: timeout }],
  ],
});
