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
  expect(after('wordless')).toMatch(/^ +stderr, last lines:\n +\| \(200000000 bytes without a word: blank lines/);
  expect(after('silent')).toMatch(/^ +stderr: nothing\n +stdout: nothing\n/);
});
