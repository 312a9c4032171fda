import { failuresOf } from './harness/failure-of.ts';

jest.setTimeout(90_000);

test('what a worker wrote is shown whatever came behind it, and "nothing" is said of nothing else', async () => {
  const failures = await failuresOf(
    {
      long: `command: ['node', 'ends.js', 'fatal: no broker', 'line']`,
      blank: `command: ['node', 'ends.js', 'fatal: no broker', 'blank']`,
      wordless: `command: ['node', 'ends.js', '', 'blank']`,
      silent: `command: ['node', 'ends.js', '', '']`,
    },
    {
      'ends.js': `const { writeSync } = require('node:fs');
        const [, , first, then] = process.argv;
        if (first) writeSync(2, first + '\\n');
        if (then === 'line') writeSync(2, 'x'.repeat(400_000) + '\\n');
        if (then === 'blank') for (let count = 0; count < 200; count += 1) writeSync(2, Buffer.alloc(1_000_000, '\\n'));
        process.exitCode = 3;`,
    },
  );
  const after = (name: string) => /^ +stderr[:,][\s\S]*/m.exec(failures[name]?.text ?? '')?.[0] ?? '';
  expect(after('long')).toMatch(/^ +stderr, last lines:\n +\| fatal: no broker\n +\| x{300}…\n/);
  expect(after('blank')).toMatch(/^ +stderr, last lines:\n +\| fatal: no broker\n +stdout: nothing\n/);
  expect(after('wordless')).toMatch(
    /^ +stderr, last lines:\n +\| \(200000000 bytes without a word: blank lines/,
  );
  expect(after('silent')).toMatch(/^ +stderr: nothing\n +stdout: nothing\n/);
});

test('the error that ended a worker is its cause, and what names it stays among the lines', async () => {
  const failures = await failuresOf(
    {
      node: `command: ['node', 'tasks.js']`,
      python: `command: ['/usr/bin/python3', 'tasks.py']`,
      syntax: `command: ['/usr/bin/python3', 'syntax.py']`,
    },
    {
      'tasks.js': `const dump = Object.fromEntries(Array.from({ length: 40 }, (_, index) => ['field' + index, index]));
        const { EventEmitter } = require('node:events');
        const emitter = new EventEmitter().on('task', () => { throw Object.assign(new Error('no handler for "mail"'), { dump }); });
        setImmediate(() => emitter.emit('task'));`,
      'tasks.py': `import json
def start():
    try:
        json.loads('{')
    except ValueError as error:
        raise RuntimeError('the settings are not JSON') from error
start()`,
      'syntax.py': 'def start(:\n  pass',
    },
  );
  const expected: Readonly<Record<string, readonly (string | RegExp)[]>> = {
    node: [
      'cause:  its error was not caught: Error: no handler for "mail"\n',
      'change: look at tasks.js:3',
      /\| Error: no handler for "mail"\n +\| +at EventEmitter\.<anonymous> \(.*\/tasks\.js:3:/,
    ],
    python: [
      'cause:  its error was not caught: RuntimeError: the settings are not JSON\n',
      'change: look at tasks.py:6',
      /\| json\.decoder\.JSONDecodeError: .*\n +\| The above exception was the direct cause/,
    ],
    syntax: [/cause: {2}Python cannot read .*\/syntax\.py:1: invalid syntax/],
  };
  for (const [name, parts] of Object.entries(expected)) {
    const text = failures[name]?.text ?? '';
    for (const part of parts) {
      if (typeof part === 'string') expect(text).toContain(part);
      else expect(text).toMatch(part);
    }
  }
});
