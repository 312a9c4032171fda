import { readmeFiles } from './readme-files.ts';

test('readmeFiles() takes the blocks that name a file', () => {
  const markdown =
    '```js\nno\n```\n<!-- file: a/b.js -->\n\n```js\none\ntwo\n```\n<!-- file: c -->\n```\nthree\n```\n';
  expect([...readmeFiles(markdown)]).toEqual([
    ['a/b.js', 'one\ntwo\n'],
    ['c', 'three\n'],
  ]);
});

test('readmeFiles() refuses a README without one', () => {
  expect(() => readmeFiles('```js\nno\n```')).toThrow('no code block follows');
});
