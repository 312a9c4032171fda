import fc from 'fast-check';
import { selectLines } from '../../src/diagnose/lines/select-lines.ts';
import { recorded } from './recorded-output.ts';

/** What must be shown of what a program wrote, in this order, and what must make room for it. */
test.each<[string, readonly (string | RegExp)[], readonly RegExp[]]>([
  [
    'tsx',
    ['Error: Transform failed with 1 error:', '/app/bad.ts:5:6: ERROR: Expected ";" but found "b"'],
    [/run_main:123/],
  ],
  ['ts-node', [/^TSError: /, /^src\/main\.ts\(2,7\): error TS2322: Type 'number'/], [/^\s+at createTSError/]],
  [
    'esbuild',
    [/^✘ \[ERROR\] Expected/, 'Error: Build failed with 1 error:', /^bad\.ts:5:6: ERROR: /],
    [/lineText/],
  ],
  [
    'nest',
    [/Nest can't resolve dependencies of the Consumer \(\?\)\..*argument Mailer/, /^- Is WorkerModule/],
    [/metadata/],
  ],
  [
    'java',
    [
      /^Exception in thread "main" .*cannot start the consumer/,
      '\tat W.connect(W.java:2)',
      /^Caused by: java\.lang\.Exception: no connection/,
      '\tat W.open(W.java:3)',
      'Caused by: java.net.ConnectException: Connection refused',
    ],
    [/java\.base/],
  ],
  [
    'python-chained',
    [
      /^json\.decoder\.JSONDecodeError: /,
      'The above exception was the direct cause of the following exception:',
      'RuntimeError: the settings are not JSON',
      'During handling of the above exception, another exception occurred:',
      "KeyError: 'BROKER'",
    ],
    [/lib\/python3/, /\^\^\^/],
  ],
  ['node-syntax', ['/app/bad.js:1', 'let a b;', /^SyntaxError: /], [/wrapSafe/]],
  [
    'node-error',
    [/^Error: cannot consume/, /at consume \(\/app/, / \[cause\]: Error: channel closed/],
    [/listOnTimeout/, /vhost/],
  ],
  [
    'node-cause',
    [
      'Error: cannot start',
      /\[cause\]: Error: db is gone/,
      /\[cause\]: Error: connect ECONNREFUSED 10\.0\.0\.1:99/,
    ],
    [/lines matching/],
  ],
  ['node-pg', ['error: relation "nope_table" does not exist', /at async \/app\/worker\.js:1:/], [/routine/]],
  [
    'node-deep',
    [/^TypeError: /, '    at handle (/app/deep.js:4:45)', /at EventEmitter\.<anonymous> \(\/app/],
    [],
  ],
  [
    'rust-backtrace',
    [/panicked at rs\.rs:1:120:/, /^called `Result::unwrap/, '   3: rs::main'],
    [/rust_begin_unwind/],
  ],
  [
    'erlang-server',
    [/^\*\* Reason for termination/, '** {{badkey,queue},', /\{tasks,handle_call,3/],
    [/gen\.erl/],
  ],
])('selectLines() shows of %s what matters, in ten lines', (name, shown, hidden) => {
  const lines = recorded(name);
  const selected = selectLines(lines, 10);
  expect(selected.length).toBeLessThanOrEqual(10);
  expect(selected.at(-1)).toBe(lines.at(-1));
  let at = -1;
  for (const wanted of shown) {
    const found = selected.findIndex(
      (line, index) => index > at && (typeof wanted === 'string' ? line === wanted : wanted.test(line)),
    );
    expect({ selected, wanted, isShown: found > at }).toEqual({ selected, wanted, isShown: true });
    at = found;
  }
  for (const unwanted of hidden) expect(selected.join('\n')).not.toMatch(unwanted);
});

const goPanic = [
  'panic: no broker',
  'goroutine 1 [running]:',
  'runtime.gopanic(0x1)',
  '\t/usr/local/go/src/runtime/panic.go:884 +0x212',
  'main.connect(...)',
  '\t/app/main.go:8',
  'main.main()',
  '\t/app/main.go:12 +0x25',
];
const phpError = [
  'PHP Fatal error:  Uncaught RuntimeException: no broker in /app/worker.php:3',
  'Stack trace:',
  '#0 /app/vendor/amqp/Connection.php(120): Amqp->read()',
  '#1 /app/worker.php(7): connect()',
  '#2 {main}',
  '  thrown in /app/worker.php on line 3',
];
const rubyError = [
  "/app/worker.rb:3:in `connect': no broker (RuntimeError)",
  "\tfrom /usr/lib/ruby/gems/3.2.0/gems/bunny-2.22.0/lib/bunny.rb:60:in `start'",
  "\tfrom /usr/lib/ruby/gems/3.2.0/gems/bunny-2.22.0/lib/bunny.rb:20:in `run'",
  "\tfrom /app/worker.rb:7:in `<main>'",
];
const elixirError = [
  '** (RuntimeError) no broker',
  '    (elixir 1.15.0) lib/enum.ex:987: Enum.each/2',
  '    (elixir 1.15.0) lib/enum.ex:99: Enum.each/3',
  '    lib/worker.ex:3: Worker.connect/0',
];
const netError = [
  'Unhandled exception. System.InvalidOperationException: cannot start',
  ' ---> System.Net.Sockets.SocketException (111): Connection refused',
  '   at System.Net.Sockets.Socket.Connect(EndPoint remote)',
  '   at System.Net.Sockets.Socket.Connect(String host)',
  '   at Worker.Program.Connect() in /app/Program.cs:line 12',
  '   --- End of inner exception stack trace ---',
  '   at Worker.Program.Main() in /app/Program.cs:line 5',
];

test.each([
  ['Go', goPanic, ['panic: no broker', 'main.connect(...)', '\t/app/main.go:8']],
  ['PHP', phpError, [phpError[0], '#1 /app/worker.php(7): connect()']],
  ['Ruby', rubyError, [rubyError[0], "\tfrom /app/worker.rb:7:in `<main>'"]],
  ['Elixir', elixirError, [elixirError[0], '    lib/worker.ex:3: Worker.connect/0']],
  ['.NET', netError, [netError[0], netError[1], '   at Worker.Program.Connect() in /app/Program.cs:line 12']],
])('selectLines() prefers the own frames of %s', (_runtime, error, shown) => {
  const around = Array.from({ length: 8 }, (_, index) => `line ${index}`);
  const selected = selectLines([...around, ...error, 'exit status 2'], shown.length + 4);
  expect(selected).toEqual(expect.arrayContaining([...shown, 'exit status 2']));
  expect(selected.join('\n')).not.toMatch(
    /usr\/local\/go|vendor|gems|Enum\.each|Sockets\.Socket\.Connect|line 2/,
  );
});

test('selectLines() shows the last lines where much was written since an error', () => {
  const since = Array.from({ length: 40 }, (_, index) => `step ${index}`);
  expect(selectLines([...recorded('java'), ...since], 6)).toEqual([
    'Caused by: java.net.ConnectException: Connection refused',
    '…',
    ...since.slice(-4),
  ]);
});

test('selectLines() leaves nothing out silently, and fills its room', () => {
  const line = fc.constantFrom(
    'plain',
    'Error: x',
    '    at f (/app/a.js:1:1)',
    '    at g (node:fs:1:1)',
    'Caused by: y',
    '}',
  );
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 12 }),
      (lines, count) => {
        const numbered = lines.map((text, index) => `${text} #${index}`);
        const selected = selectLines(numbered, count);
        expect(selected.length).toBeLessThanOrEqual(count);
        expect(selected.at(-1)).toBe(numbered.at(-1));
        const indexes = selected.map(text => numbered.indexOf(text));
        for (const [position, index] of indexes.entries()) {
          if (position === 0 || index === -1) continue;
          const before = indexes[position - 1];
          expect(before === -1 ? (indexes[position - 2] ?? 0) < index - 2 : before).toBe(
            before === -1 ? true : index - 1,
          );
        }
      },
    ),
  );
});
