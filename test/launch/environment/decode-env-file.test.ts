import { decodeEnvFile } from '../../../src/launch/environment/decode-env-file.ts';

test('decodeEnvFile() strips the byte order mark', () => {
  expect(decodeEnvFile(Buffer.from('\uFEFFA=é'))).toBe('A=é');
  expect(decodeEnvFile(Buffer.from(''))).toBe('');
});

test.each([
  ['little-endian UTF-16', Buffer.from('\uFEFFA=1', 'utf16le'), 1, 'the file is UTF-16; save it as UTF-8'],
  [
    'big-endian UTF-16',
    Buffer.from('\uFEFFA=1', 'utf16le').swap16(),
    1,
    'the file is UTF-16; save it as UTF-8',
  ],
  ['Latin-1', Buffer.from('A=1\r\nB=é\nC=1', 'latin1'), 2, 'a byte is not UTF-8'],
  ['NUL', Buffer.from('A=1\nB=2\rC=\0'), 3, 'a NUL byte'],
])('decodeEnvFile() refuses %s', (_, bytes, line, what) => {
  expect(decodeEnvFile(bytes)).toEqual({ line, what });
});
