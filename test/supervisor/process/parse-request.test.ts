import fc from 'fast-check';
import { UnreadableLine } from '../../../src/supervisor/line-reader.ts';
import { parseRequest } from '../../../src/supervisor/process/parse-request.ts';
import type { Request } from '../../../src/supervisor/protocol.ts';

const requests: readonly Request[] = [
  { kind: 'hello', version: '1' },
  { kind: 'member', pid: 7, hasReporter: false },
  { kind: 'runStarted', files: 0 },
  { kind: 'runComplete' },
  { kind: 'finish' },
  { kind: 'act', worker: 'ops', action: { kind: 'stop' } },
  { kind: 'relaunch', worker: 'ops', env: {} },
  { kind: 'ping' },
  { kind: 'status' },
];

test.each(requests)('parseRequest() takes $kind', request => {
  expect(parseRequest(JSON.stringify({ id: 1, request }))).toEqual({ id: 1, request });
});

test.each([
  ['', 'a line that is no JSON'],
  ['{"id":1', 'a line that is no JSON'],
  ['null', 'a line that is no request'],
  ['{"id":-1,"request":{"kind":"ping"}}', 'a line that is no request'],
  ['{"id":"1","request":{"kind":"ping"}}', 'a line that is no request'],
  ['{"id":1}', 'a request that is not known: undefined'],
  ['{"id":1,"request":{"kind":"toString"}}', 'a request that is not known: toString'],
  ['{"id":1,"request":{"kind":"hello"}}', 'a request that is not known: hello'],
  ['{"id":1,"request":{"kind":"member","pid":1.5}}', 'a request that is not known: member'],
])('parseRequest() refuses %s', (line, why) => {
  expect(() => parseRequest(line)).toThrow(new UnreadableLine(why));
});

test('parseRequest() throws nothing else, whatever it is given', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), line => {
      expect(() => parseRequest(line)).toThrow(UnreadableLine);
    }),
  );
});
