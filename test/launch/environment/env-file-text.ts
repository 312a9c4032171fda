import fc from 'fast-check';

const pieces = [
  ...['A', 'B', 'LONG_NAME', 'a.b-c', '__proto__', 'constructor', '1', 'export ', 'export', 'é', 'x y'],
  ...[
    '=',
    ': ',
    ' = ',
    ':',
    '"',
    "'",
    '`',
    '\\',
    '\\"',
    "\\'",
    '\\n',
    '#',
    ' # ',
    '\n',
    '\n',
    '\r\n',
    '\r',
    '\n\n',
  ],
  ...[
    '$',
    '${',
    '}',
    ':-',
    '-',
    ':+',
    '$A',
    '${B}',
    '${A:-',
    '\\$',
    '$&',
    '$$',
    "$'",
    '{',
    '\u2028',
    '\uFEFF',
    '\t',
    ' ',
  ],
];

/** Text made of what env files are made of, mostly in an order nobody meant. */
export const envFileText = fc
  .array(fc.constantFrom(...pieces), { maxLength: 40 })
  .map(parts => parts.join(''));
