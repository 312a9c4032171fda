import { outputBuffered } from '../../../src/diagnose/causes/buffering.ts';
import type { Evidence } from '../../../src/diagnose/evidence.ts';
import { timeout } from '../crafted-evidence.ts';
import { testRules } from './test-rules.ts';

const pending = { kind: 'pending', why: 'no line matches' } as const;

function silentRun(
  path: string,
  words: readonly string[] = [],
  tree: readonly string[] = [],
): Partial<Evidence> {
  return {
    failure: timeout,
    command: [path, ...words],
    interpreter: { path, realPath: path, rule: 'PATH', venv: undefined, isPython: path.includes('python') },
    probes: [{ probe: 'output holds "consuming"', answer: pending }],
    output: { stdout: [], stderr: ['a warning'] },
    tree: tree.map(command => ({ pid: 7, command })),
  };
}

testRules({
  shown: [
    [
      outputBuffered,
      'Perl',
      silentRun('/usr/bin/perl'),
      ['nothing came on stdout: perl may keep', '$| = 1;'],
    ],
    [
      outputBuffered,
      'Ruby under a shell',
      silentRun('/bin/sh', [], ['/bin/sh run', '/usr/bin/ruby3.1 x.rb']),
      ['$stdout.sync = true'],
    ],
    [outputBuffered, 'awk', silentRun('/usr/bin/mawk'), ['fflush()']],
    [outputBuffered, 'a program of its own', silentRun('/app/build/ops'), ['ops may keep', 'stdbuf -oL']],
    [
      outputBuffered,
      'Python without its variables',
      silentRun('/usr/bin/python3', ['-I', '-m', 'ops']),
      ['with -I, which ignores PYTHONUNBUFFERED', '-u'],
    ],
    [
      outputBuffered,
      'a probe of stdout',
      { ...silentRun('/usr/bin/perl'), probes: [{ probe: 'stdout holds /x/', answer: pending }] },
      ['perl'],
    ],
  ],
  silent: [
    [outputBuffered, 'Node', silentRun('/usr/bin/node')],
    [outputBuffered, 'Python', silentRun('/usr/bin/python3.11', ['-m', 'ops', '-I'])],
    [outputBuffered, 'Python that is told', silentRun('/usr/bin/python3', ['-I', '-u', 'ops.py'])],
    [
      outputBuffered,
      'a line on stdout',
      { ...silentRun('/usr/bin/perl'), output: { stdout: ['x'], stderr: [] } },
    ],
    [
      outputBuffered,
      'a probe of stderr, which has no buffer',
      { ...silentRun('/usr/bin/perl'), probes: [{ probe: 'stderr holds "x"', answer: pending }] },
    ],
    [
      outputBuffered,
      'an exit',
      { ...silentRun('/usr/bin/perl'), failure: { kind: 'exited', exit: { code: 0, signal: null } } },
    ],
  ],
});
