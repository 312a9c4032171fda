import { selectFrames } from '../../src/diagnose/select-frames.ts';

test.each([
  [
    'the current thread of faulthandler, without the import machinery',
    `Fatal Python error: Aborted

Thread 0x00007f01 (most recent call first):
  File "/usr/lib/python3.11/threading.py", line 324 in wait

Current thread 0x00007f02 (most recent call first):
  File "/app/slow.py", line 3 in connect
  File "<frozen importlib._bootstrap>", line 241 in _call_with_frames_removed
  File "/app/worker.py", line 1 in <module>

Extension modules: psycopg2 (total: 1)
`,
    ['File "/app/slow.py", line 3 in connect', 'File "/app/worker.py", line 1 in <module>'],
  ],
  [
    'Node, without its own modules',
    '    at spin (file:///app/worker.mjs:5:3)\n    at run (node:internal/modules/esm/module_job:325:25)\n',
    ['at spin (file:///app/worker.mjs:5:3)'],
  ],
  [
    'what Node waits for',
    'it executes nothing, and waits for: Socket to 127.0.0.1:5672\n',
    ['it executes nothing, and waits for: Socket to 127.0.0.1:5672'],
  ],
  [
    'the main thread of a JVM',
    `2026-01-02 03:04:05
Full thread dump OpenJDK 64-Bit Server VM (17.0.2+8 mixed mode):

"Reference Handler" #2 daemon prio=10
   java.lang.Thread.State: RUNNABLE
\tat java.lang.ref.Reference.waitForReferencePendingList(java.base@17/Native Method)

"main" #1 prio=5 os_prio=0 cpu=47.04ms elapsed=3.10s tid=0x00007f nid=0x1b3d waiting on condition
   java.lang.Thread.State: TIMED_WAITING (sleeping)
\tat java.lang.Thread.sleep(java.base@17/Native Method)
\tat ops.Worker.main(Worker.java:12)

JNI global refs: 6, weak refs: 0
`,
    ['at java.lang.Thread.sleep(java.base@17/Native Method)', 'at ops.Worker.main(Worker.java:12)'],
  ],
  [
    'the first goroutine of Go',
    `SIGQUIT: quit
PC=0x46b3a1 m=0 sigcode=0

goroutine 1 [sleep]:
time.Sleep(0xdf8475800)
\t/usr/local/go/src/runtime/time.go:195 +0x125
main.main()
\t/app/main.go:9 +0x1e

rax    0xca
`,
    ['/usr/local/go/src/runtime/time.go:195 +0x125', '/app/main.go:9 +0x1e'],
  ],
])('selectFrames() takes %s', (_what, text, frames) => {
  expect(selectFrames(text)).toEqual(frames);
});
