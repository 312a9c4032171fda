import { isRegisteredFormat, matchesFormat } from '../../../src/launch/executable/is-registered-format.ts';

const qemu = 'enabled\ninterpreter /usr/bin/qemu-aarch64\nflags: OCF\noffset 18\nmagic b700\nmask ffff\n';

function headWith(machine: number): Buffer {
  const head = Buffer.alloc(64);
  head.writeUInt16LE(machine, 18);
  return head;
}

test('matchesFormat() compares the magic at its offset, under its mask', () => {
  expect(matchesFormat(qemu, '/x', headWith(183))).toBe(true);
  expect(matchesFormat(qemu, '/x', headWith(62))).toBe(false);
  expect(matchesFormat(qemu.replace('ffff', 'fff0').replace('mask', 'mask'), '/x', headWith(183))).toBe(true);
  expect(matchesFormat(qemu.replace('mask ffff', 'mask f0ff'), '/x', headWith(0xb0))).toBe(true);
  expect(matchesFormat(qemu, '/x', Buffer.alloc(19))).toBe(false);
});

test('matchesFormat() compares extensions, and ignores what is disabled or empty', () => {
  const jar = 'enabled\ninterpreter /usr/bin/jexec\nflags: \nextension .jar\n';
  expect(matchesFormat(jar, '/x/app.jar', Buffer.alloc(8))).toBe(true);
  expect(matchesFormat(jar, '/x/app.war', Buffer.alloc(8))).toBe(false);
  expect(matchesFormat(jar.replace('enabled', 'disabled'), '/x/app.jar', Buffer.alloc(8))).toBe(false);
  expect(matchesFormat('', '/x', Buffer.alloc(8))).toBe(false);
  expect(matchesFormat('enabled\n', '/x', Buffer.alloc(8))).toBe(false);
});

test('isRegisteredFormat() knows none for plain text', () => {
  expect(isRegisteredFormat('/x', Buffer.from('plain text'))).toBe(false);
});
