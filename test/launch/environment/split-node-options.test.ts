import fc from 'fast-check';
import { splitNodeOptions } from '../../../src/launch/environment/split-node-options.ts';

test.each([
  ['', '', ''],
  ['--inspect', '', '--inspect'],
  ['--require /a/.pnp.cjs', '--require /a/.pnp.cjs', ''],
  ['-r=/a/.pnp.js --import ./x.mjs', '-r=/a/.pnp.js', '--import ./x.mjs'],
  [
    '--require "/my app/.pnp.cjs" --require dotenv/config',
    '--require "/my app/.pnp.cjs"',
    '--require dotenv/config',
  ],
  [
    '  --experimental-loader   file:///a/.pnp.loader.mjs',
    '--experimental-loader file:///a/.pnp.loader.mjs',
    '',
  ],
  ['--loader ts-node/esm --require', '', '--loader ts-node/esm --require'],
  ['--title "a \\" --require /b/.pnp.cjs"', '', '--title "a \\" --require /b/.pnp.cjs"'],
  ['--require /a/x.pnp.cjs', '', '--require /a/x.pnp.cjs'],
])('splitNodeOptions() takes %j for %j and %j', (text, kept, rest) => {
  expect(splitNodeOptions(text)).toEqual({ kept, rest });
});

test('splitNodeOptions() loses no word of anything', () => {
  const word = fc.constantFrom(
    '--require',
    '-r',
    '/a/.pnp.cjs',
    '"/a b/.pnp.cjs"',
    '--inspect=0',
    '--import',
    'x y',
  );
  fc.assert(
    fc.property(fc.array(word), words => {
      const { kept, rest } = splitNodeOptions(words.join(' '));
      const sorted = (text: string) => text.split(' ').filter(Boolean).sort();
      expect(sorted(`${kept} ${rest}`)).toEqual(sorted(words.join(' ')));
    }),
  );
});
