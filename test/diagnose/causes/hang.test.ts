import { connectsInVain, hangsInside, importHangs } from '../../../src/diagnose/causes/hang.ts';
import { findCauses } from '../../../src/diagnose/find-causes.ts';
import { evidence, search, timeout, unmet } from '../crafted-evidence.ts';
import { testRules } from './test-rules.ts';

const stack = (runtime: string, ...lines: readonly string[]) => ({
  stacks: [{ pid: 7, runtime, text: [...lines, ''].join('\n') }],
});
const python = (...frames: readonly string[]) =>
  stack('python', 'Current thread 0x00007f (most recent call first):', ...frames);
const sleeping = '  File "/app/slow.py", line 3 in main';
const importing = '  File "<frozen importlib._bootstrap>", line 1027 in _find_and_load';
const spinning = stack('node', '    at spin (file:///app/spin.js:5:3)');
const collector = { host: '10.0.0.9', port: 4317 };
const source = (text: string) => ({ search: search({ sourceLine: () => text }) });

testRules({
  shown: [
    [
      importHangs,
      'a module that does not return',
      { failure: timeout, ...python(sleeping, importing) },
      ['it is still importing its modules: File "/app/slow.py", line 3 in main', 'look at what that line'],
    ],
    [
      connectsInVain,
      'a server that does not take the connection',
      { failure: timeout, connecting: [{ host: '10.0.0.7', port: 5432 }] },
      [/^it connects to 10\.0\.0\.7:5432, which does not answer$/, 'correct the address'],
    ],
    [
      hangsInside,
      'a connection in the stack of Python',
      {
        failure: timeout,
        ...python(
          '  File "/usr/lib/python3.11/socket.py", line 833 in create_connection',
          '  File "/app/jobs.py", line 3 in run',
        ),
      },
      ['it connects, or waits for a name to be resolved, File "/usr/lib/python3.11/socket.py", line 833'],
    ],
    [
      hangsInside,
      'the server in the table of sockets, the call in the source',
      { failure: timeout, connecting: [collector], ...python(sleeping), ...source('peer.connect(address)') },
      [
        'it hangs, or is not done yet: it connects to 10.0.0.9:4317, which does not answer, File "/app/slow.py", line 3 in main: peer.connect(address)',
      ],
    ],
    [
      hangsInside,
      'a call in the source that answers over the network',
      { failure: timeout, ...python(sleeping), ...source('token = requests.get(url).json()') },
      ['it connects', 'File "/app/slow.py", line 3 in main: token = requests.get(url).json()'],
    ],
    [
      connectsInVain,
      'a name that Node looks up',
      {
        failure: timeout,
        ...stack('node', 'it executes nothing, and waits for: GetAddrInfoReqWrap, Timeout'),
      },
      ['it connects, or waits for a name to be resolved'],
    ],
    [
      hangsInside,
      'a lock in the source',
      { failure: timeout, ...python(sleeping), ...source('lock.acquire()') },
      [
        'it hangs, or is not done yet: it waits for a lock, File "/app/slow.py", line 3 in main: lock.acquire()',
      ],
    ],
    [
      hangsInside,
      'a lock of another process',
      {
        failure: timeout,
        ...python('  File "/usr/lib/python3.11/multiprocessing/synchronize.py", line 95 in __enter__'),
      },
      ['it waits for a lock'],
    ],
    [
      hangsInside,
      'a lock of the JVM',
      {
        failure: timeout,
        ...stack(
          'jvm',
          '"main" #1 prio=5 os_prio=0 cpu=554.36ms elapsed=6.10s tid=0x00007fde58018040 nid=0x4632 waiting for monitor entry  [0x00007fde5e7fe000]',
          '   java.lang.Thread.State: BLOCKED (on object monitor)',
          '\tat Ops.main(Ops.java:4)',
          '\t- waiting to lock <0x000000069ec0a938> (a java.lang.Object)',
        ),
      },
      ['it waits for a lock, at Ops.main(Ops.java:4)'],
    ],
    [
      hangsInside,
      'a connection of the JVM',
      {
        failure: timeout,
        ...stack(
          'jvm',
          '"main" #1 prio=5 os_prio=0 cpu=488.84ms elapsed=5.17s tid=0x00007f54b0018040 nid=0x4a47 runnable  [0x00007f54b77fd000]',
          '   java.lang.Thread.State: RUNNABLE',
          '\tat sun.nio.ch.Net.connect0(java.base@17.0.15/Native Method)',
          '\tat sun.nio.ch.Net.connect(java.base@17.0.15/Net.java:579)',
          '\tat Con.main(Con.java:3)',
        ),
      },
      [
        'it connects, or waits for a name to be resolved, at sun.nio.ch.Net.connect0(java.base@17.0.15/Native Method)',
      ],
    ],
    [
      hangsInside,
      'a lock of Go',
      {
        failure: timeout,
        ...stack('go', 'goroutine 1 [sync.Mutex.Lock, 2 minutes]:', 'main.main()', '\t/app/main.go:9 +0x1d'),
      },
      ['it waits for a lock, /app/main.go:9'],
    ],
    [
      hangsInside,
      'a loop',
      { failure: timeout, busy: [7], ...spinning },
      ['it hangs, or is not done yet: it computes without a pause, at spin (file:///app/spin.js:5:3)'],
    ],
    [
      hangsInside,
      'a loop of a program nobody can ask',
      { failure: timeout, busy: [9], tree: [{ pid: 9, command: './ops' }] },
      ['it computes without a pause, pid 9: ./ops'],
    ],
  ],
  silent: [
    [importHangs, 'a stack without an import', { failure: timeout, ...python(sleeping) }],
    [importHangs, 'an exit', python(sleeping, importing)],
    [hangsInside, 'an exit', { busy: [7], ...spinning }],
    [hangsInside, 'nobody who tells', { failure: timeout }],
    [hangsInside, 'a connection it may do without', { failure: timeout, connecting: [collector] }],
    [connectsInVain, 'an exit', { connecting: [collector] }],
    [
      connectsInVain,
      'a stack that says more',
      { failure: timeout, connecting: [collector], ...python(sleeping), ...source('peer.connect(address)') },
    ],
    [hangsInside, 'a stack that waits for work', { failure: timeout, ...python(sleeping) }],
    [
      hangsInside,
      'a source that waits for work',
      { failure: timeout, ...python(sleeping), ...source('time.sleep(60)') },
    ],
    [hangsInside, 'a stack taken between two pauses', { failure: timeout, ...spinning }],
    [
      hangsInside,
      'a Node that waits for messages',
      {
        failure: timeout,
        ...stack('node', 'it executes nothing, and waits for: Socket to 127.0.0.1:5672, Timeout'),
      },
    ],
  ],
});

test('a worker that stands still as one that waits for work does is not said to hang', () => {
  const idle = {
    ...unmet({ kind: 'module' }, 'queue "mails" has 0 workers', './bullmq.ts says it is ready'),
    ...python(sleeping),
  };
  const [cause] = findCauses(evidence(idle));
  expect(cause?.text).toBe('./bullmq.ts says: queue "mails" has 0 workers');
});
