import {
  compilerRefused,
  esbuildFailed,
  nestUnresolved,
  syntaxWrong,
  typescriptRefused,
} from '../../../src/diagnose/causes/compilers.ts';
import { refusedByShell } from '../../../src/diagnose/causes/exit.ts';
import { nodeModuleMissing } from '../../../src/diagnose/causes/node-modules.ts';
import { uncaughtError } from '../../../src/diagnose/causes/uncaught.ts';
import { evidence, exited, stderr, timeout } from '../crafted-evidence.ts';
import { recorded } from '../recorded-output.ts';
import { testRules } from './test-rules.ts';

const wrote = (name: string) => ({ ...stderr(...recorded(name)), cwd: '/app' });
const crash = 'its error was not caught: ';

testRules({
  shown: [
    [
      esbuildFailed,
      'tsx',
      wrote('tsx'),
      ['esbuild refuses bad.ts:5:6: Expected ";" but found "b"', 'correct it there'],
    ],
    [esbuildFailed, 'esbuild', wrote('esbuild'), [/refuses bad\.ts:5:6: Expected ";" but found "b"$/]],
    [
      esbuildFailed,
      'the command esbuild',
      stderr(
        '✘ [ERROR] Could not resolve "./not-there"',
        '    src/main.ts:1:20:',
        "      1 │ import { foo } from './not-there';",
        '✘ [ERROR] Could not resolve "express"',
        '    src/main.ts:2:14:',
        '2 errors',
      ),
      ['esbuild refuses src/main.ts:1:20: Could not resolve "./not-there", and 1 more', 'correct it there'],
    ],
    [
      esbuildFailed,
      'the command esbuild, about no file',
      stderr('✘ [ERROR] Must use "outdir" when there are multiple input files', '1 error'),
      ['esbuild refuses it: Must use "outdir"'],
    ],
    [
      compilerRefused,
      'java with a source file',
      stderr(
        'w/K.java:1: error: incompatible types: String cannot be converted to int',
        '1 error',
        'error: compilation failed',
      ),
      ['the compiler refuses w/K.java:1: incompatible types: String cannot be converted to int'],
    ],
    [
      compilerRefused,
      'go run',
      stderr('# command-line-arguments', './main.go:4:2: undefined: x', './main.go:5:2: undefined: y'),
      ['the compiler refuses ./main.go:4: undefined: x, and 1 more'],
    ],
    [
      compilerRefused,
      'gcc',
      stderr('src/a.c:3:5: error: unknown type name ‘strin’'),
      ['the compiler refuses src/a.c:3: unknown type name'],
    ],
    [
      nodeModuleMissing,
      'a package that Nest loads when it needs it',
      stderr(
        '[Nest] 1  - 11/25/2026, 2:14:36 PM   ERROR [PackageLoader] The "amqp-connection-manager" package is missing. Please, make sure to install it to use ServerRMQ.',
      ),
      ['Node found no package "amqp-connection-manager"', 'npm install amqp-connection-manager'],
    ],
    [
      typescriptRefused,
      'ts-node',
      wrote('ts-node'),
      [
        "TypeScript refuses src/main.ts:2:7: Type 'number' is not assignable to type 'string'. (TS2322)",
        'tsx',
      ],
    ],
    [
      typescriptRefused,
      'tsc with several',
      stderr(
        'a.ts:1:2 - error TS1005: one',
        'b.ts:3:4 - error TS2304: two',
        'b.ts(3,5): error TS2304: three',
      ),
      ['TypeScript refuses a.ts:1:2: one (TS1005), and 2 more'],
    ],
    [
      syntaxWrong,
      'Node',
      wrote('node-syntax'),
      ["Node cannot read /app/bad.js:1: Unexpected identifier 'b'"],
    ],
    [syntaxWrong, 'Python', wrote('python-syntax'), ['Python cannot read /app/syn.py:1: invalid syntax']],
    [
      nestUnresolved,
      'a provider that is missing',
      wrote('nest'),
      ['Nest cannot make Consumer: nothing in WorkerModule provides Mailer', 'add Mailer to the providers'],
    ],
    [
      nestUnresolved,
      'an older Nest, with a type of a file that is not loaded yet',
      stderr(
        "[Nest] 1  - ERROR [ExceptionHandler] Nest can't resolve dependencies of the Consumer (?). Please make sure that the argument dependency at index [0] is available in the WorkerModule context.",
      ),
      ['Nest cannot make Consumer: the type of one of its arguments is not known yet', 'in a circle'],
    ],
    [
      uncaughtError,
      'Node',
      wrote('node-error'),
      [`${crash}Error: cannot consume`, '[cause]: Error: channel closed', 'look at logged.js:3'],
    ],
    [uncaughtError, 'a rejection', wrote('node-rejection'), ['with the reason "just text"']],
    [
      uncaughtError,
      'a JVM',
      wrote('java'),
      ['cannot start the consumer\nCaused by: java.net.ConnectException', 'look at W.java:2'],
    ],
    [
      uncaughtError,
      'Python',
      wrote('python-chained'),
      [`${crash}KeyError: 'BROKER'`, 'look at chained.py:11'],
    ],
    [
      uncaughtError,
      'an exception of Python without a word',
      wrote('python-bare'),
      [`${crash}Stop`, 'look at cls.py:2'],
    ],
    [uncaughtError, 'Rust', wrote('rust'), ['on an `Err` value: "no broker"', 'look at rs.rs:1']],
    [uncaughtError, 'Erlang', wrote('erlang'), ['{badmatch,{error,econnrefused}}', 'look at w.erl:3']],
    [uncaughtError, 'a server of Erlang', wrote('erlang-server'), ['badkey,queue', 'look at tasks.erl:6']],
    [
      uncaughtError,
      'escript',
      { ...wrote('escript'), failure: exited(127) },
      ['no function clause matching'],
    ],
    [uncaughtError, 'Perl', wrote('perl'), [`${crash}Can't call method`, 'look at p.pl:1']],
    [
      uncaughtError,
      'Go',
      stderr(
        'panic: no broker',
        'goroutine 1 [running]:',
        'main.main()',
        '\t/app/services/ops/main.go:12 +0x25',
        'exit status 2',
      ),
      [`${crash}panic: no broker`, 'look at main.go:12'],
    ],
    [
      uncaughtError,
      'PHP, on stdout',
      {
        output: {
          stdout: [
            'PHP Fatal error:  Uncaught Exception: x in /app/w.php:3',
            'Stack trace:',
            '#0 /app/services/ops/w.php(7): f()',
            '#1 {main}',
            '  thrown in /app/w.php on line 3',
          ],
          stderr: [],
        },
      },
      ['Uncaught Exception: x', 'look at w.php:7'],
    ],
    [
      uncaughtError,
      'Ruby',
      stderr("worker.rb:3:in `connect': no broker (RuntimeError)", "\tfrom worker.rb:7:in `<main>'"),
      ['no broker (RuntimeError)', 'look at worker.rb:'],
    ],
    [
      uncaughtError,
      'Elixir',
      stderr(
        '** (RuntimeError) no broker',
        '    (elixir 1.15.0) lib/enum.ex:987: Enum.each/2',
        '    lib/worker.ex:3: W.f/0',
      ),
      ['(RuntimeError) no broker', 'look at lib/worker.ex:3'],
    ],
    [
      uncaughtError,
      '.NET',
      stderr(
        'Unhandled exception. System.InvalidOperationException: x',
        '   at W.Main() in /app/services/ops/Program.cs:line 5',
      ),
      ['System.InvalidOperationException: x', 'look at Program.cs:5'],
    ],
  ],
  silent: [
    [esbuildFailed, 'a place without an error', stderr('see a.ts:5:6: note: here')],
    [esbuildFailed, 'another compiler', stderr('src/a.c:3:5: error: unknown type name')],
    [compilerRefused, 'a place without an error', stderr('main.go:4: listening', 'K.java:1: warning: old')],
    [nodeModuleMissing, 'a word of a package', stderr('The package "mail" is missing an address')],
    [typescriptRefused, 'a number of an error alone', stderr('TS2322 is no error here')],
    [
      syntaxWrong,
      'JSON that is none',
      stderr('SyntaxError: Unexpected token } in JSON at position 1', '    at JSON.parse (<anonymous>)'),
    ],
    ...['JSON.parse (<anonymous>)', 'new RegExp (<anonymous>)', 'new Script (node:vm:117:7)'].map(
      frame =>
        [
          syntaxWrong,
          `an error of ${frame} that was thrown on by a library`,
          stderr(
            '/app/node_modules/amqplib/lib/safe_emit.js:8',
            '      process.nextTick(() => { throw error; });',
            '                              ^',
            '',
            'SyntaxError: Unexpected token } in JSON at position 1',
            `    at ${frame}`,
            '    at /app/worker.js:7:45',
          ),
        ] as const,
    ),
    [
      syntaxWrong,
      'a wrong kind of module',
      stderr(
        '/app/a.js:1',
        'import x',
        '^^^^^^',
        'SyntaxError: Cannot use import statement outside a module',
      ),
    ],
    [nestUnresolved, 'other words of Nest', stderr('[Nest] 1 - ERROR [ExceptionHandler] something else')],
    [uncaughtError, 'an exit with code 0', { ...wrote('node-error'), failure: exited(0) }],
    [uncaughtError, 'a worker that lives', { ...wrote('node-error'), failure: timeout }],
    [
      uncaughtError,
      'an error of long ago',
      stderr(...recorded('node-error'), ...Array.from({ length: 20 }, (_, index) => `step ${index}`)),
    ],
  ],
});

test('refusedByShell() takes the 127 of a script that failed for no word of a shell', () => {
  expect(refusedByShell(evidence({ ...wrote('escript'), failure: exited(127) }))).toBeUndefined();
});
