import fc from 'fast-check';
import { escapeControls } from '../../src/text/escape-controls.ts';
import { plainText } from '../../src/text/plain-text.ts';
import { toJson } from '../../src/text/to-json.ts';

test.each([
  ['APC', '\x1b_x\x1b\\', '\\x1b_x\\x1b\\'],
  ['an OSC of C1', '\x9d0;title\x9c', '\\x9d0;title\\x9c'],
  ['backspace', 'ab\b\b', 'ab\\x08\\x08'],
  ['a lone carriage return', '10 %\r20 %', '10 %\\x0d20 %'],
  ['shift out and in', '\x0e\x0f', '\\x0e\\x0f'],
  ['an override of direction', 'a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
  ['what has no width', 'a\u200bb\ufeffc\u2060', 'a\\u200bb\\ufeffc\\u2060'],
  ['a tag', 'a\u{e0041}', 'a\\u{e0041}'],
  ['a line separator', 'a\u2028b', 'a\\u2028b'],
  ['NUL and DEL', '\0\x7f', '\\x00\\x7f'],
])('escapeControls() shows %s', (_what, text, shown) => {
  expect(escapeControls(text)).toBe(shown);
});

test('escapeControls() leaves text alone: tabs, line feeds, letters of every script', () => {
  const text = 'a\tb\nc äöü 漢字 שלום 👍🏽 e\u0301 \\x1b';
  expect(escapeControls(text)).toBe(text);
});

test('escapeControls() keeps colours where it is told to, and nothing that conceals', () => {
  const text = '\x1b[1;31mred\x1b[0m \x1b[38;5;8mgrey\x1b[m';
  expect(escapeControls(text, { keepColours: true })).toBe(text);
  expect(escapeControls(text)).toBe('\\x1b[1;31mred\\x1b[0m \\x1b[38;5;8mgrey\\x1b[m');
  expect(escapeControls('\x1b[8mx\x1b[0;8m\x1b[2J', { keepColours: true })).toBe(
    '\\x1b[8mx\\x1b[0;8m\\x1b[2J',
  );
});

test('plainText() takes sequences of a terminal out, and ends lines in one way', () => {
  expect(plainText('\x1b[31mred\x1b[0m\x1b[2K\r\nnext\rlone')).toBe('red\nnext\\x0dlone');
});

test('toJson() means the same as JSON.stringify(), and shows itself as it is', () => {
  const raw = /[\0-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff\u{e0000}-\u{e0fff}]/u;
  const odd = fc.constantFrom('\x9b', '\x7f', '\u202e', '\u{e0041}', '\ufeff', '\x1b', '\\', '"', 'a');
  fc.assert(
    fc.property(fc.array(odd), fc.anything({ maxDepth: 2 }), (parts, other) => {
      const data = { text: parts.join(''), other: JSON.parse(JSON.stringify({ other })) };
      const json = toJson(data);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(data)));
      expect(json).not.toMatch(raw);
    }),
  );
});
