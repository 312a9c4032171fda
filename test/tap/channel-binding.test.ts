import { ChannelBindingFilter } from '../../src/tap/proxy/channel-binding-filter.ts';

const offered = sasl('SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0');
const passed = sasl('SCRAM-SHA-256\0\0');
const notice = message('N', Buffer.from('SNOTICE\0\0'));
const rest = message('R', Buffer.from('\0\0\0\x0bv=signature'));

test('SCRAM-SHA-256-PLUS is taken out wherever the stream is cut, and nothing else is', () => {
  const whole = Buffer.concat([notice, offered, rest, offered]);
  for (let at = 0; at <= whole.length; at += 1) {
    const filter = new ChannelBindingFilter();
    const out = [filter.pass(whole.subarray(0, at)), filter.pass(whole.subarray(at))];
    expect(Buffer.concat(out)).toEqual(Buffer.concat([notice, passed, rest, offered]));
  }
});

test.each([
  ['another list', passed],
  ['no list', message('R', Buffer.from('\0\0\0\0'))],
  ['no message of Postgres', Buffer.from('HTTP/1.1 200 OK\r\n\r\n')],
])('%s passes as it is', (_, bytes) => {
  expect(new ChannelBindingFilter().pass(bytes)).toEqual(bytes);
});

function sasl(mechanisms: string): Buffer {
  return message('R', Buffer.concat([Buffer.from([0, 0, 0, 10]), Buffer.from(mechanisms)]));
}

function message(tag: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(tag), length, body]);
}
