import { importHangs, isSomewhere } from '../../../src/diagnose/causes/hang.ts';
import { timeout } from '../crafted-evidence.ts';
import { testRules } from './test-rules.ts';

const python = (...frames: readonly string[]) => ({
  stacks: [
    {
      pid: 7,
      runtime: 'python',
      text: ['Current thread 0x00007f (most recent call first):', ...frames, ''].join('\n'),
    },
  ],
});
const sleeping = '  File "/app/slow.py", line 3 in connect';
const importing = '  File "<frozen importlib._bootstrap>", line 1027 in _find_and_load';

testRules({
  shown: [
    [
      importHangs,
      'a module that does not return',
      { failure: timeout, ...python(sleeping, importing) },
      ['it is still importing its modules: File "/app/slow.py", line 3 in connect', 'look at what that line'],
    ],
    [
      isSomewhere,
      'any stack',
      { failure: timeout, ...python(sleeping) },
      ['it hangs, or is not done yet: File "/app/slow.py", line 3 in connect'],
    ],
  ],
  silent: [
    [importHangs, 'a stack without an import', { failure: timeout, ...python(sleeping) }],
    [importHangs, 'an exit', python(sleeping, importing)],
    [isSomewhere, 'an exit', python(sleeping)],
    [isSomewhere, 'nobody who tells', { failure: timeout }],
  ],
});
