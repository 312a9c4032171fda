import { nearlyWritten } from '../../../src/diagnose/causes/log-pattern.ts';
import { search, unmet } from '../crafted-evidence.ts';
import { testRules } from './test-rules.ts';

const written = (stream: 'stdout' | 'stderr') => ({
  search: search({ nearestLine: () => ({ line: ' worker "ready" ', stream }) }),
});
const asks = (
  pattern: string | { readonly source: string; readonly flags: string },
  stream: 'stdout' | 'both',
) => unmet({ kind: 'log', pattern, stream }, 'it has not been written yet');

testRules({
  shown: [
    [
      nearlyWritten,
      'a RegExp',
      { ...asks({ source: 'wroker', flags: 'i' }, 'both'), ...written('stderr') },
      ['it wrote "worker \\"ready\\"", the pattern is /wroker/i', 'correct the pattern'],
    ],
    [
      nearlyWritten,
      'the other stream',
      { ...asks('worker', 'stdout'), ...written('stderr') },
      [
        'it wrote "worker \\"ready\\"" to stderr, the probe looks for "worker" in stdout',
        "set stream: 'stderr' or 'both'",
      ],
    ],
    [
      nearlyWritten,
      'the same stream',
      { ...asks('wroker', 'stdout'), ...written('stdout') },
      ['the pattern is "wroker"'],
    ],
  ],
  silent: [
    [nearlyWritten, 'no line that is near', asks('wroker', 'both')],
    [nearlyWritten, 'another probe', { ...unmet({ kind: 'notify' }, 'x'), ...written('stdout') }],
    [
      nearlyWritten,
      'an exit',
      {
        ...asks('wroker', 'both'),
        ...written('stdout'),
        failure: { kind: 'exited', exit: { code: 1, signal: null } },
      },
    ],
    [
      nearlyWritten,
      'a probe that was satisfied',
      {
        ...written('stdout'),
        failure: { kind: 'timeout' },
        probes: [
          {
            probe: 'x',
            answer: { kind: 'ready' },
            target: { kind: 'log', pattern: 'worker', stream: 'both' },
          },
        ],
      },
    ],
  ],
});
