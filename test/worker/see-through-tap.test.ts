import type { LaunchTap } from '../../src/tap/launch-tap.ts';
import { pastTap, seeThroughTap } from '../../src/worker/prepare/see-through-tap.ts';

const broker = { host: 'broker', port: 5672 };
const connection = { listener: 'a', clientPort: 1_001, upstreamPort: 2_001 };
const tap: LaunchTap = {
  legs: [
    { key: 'a', port: 4_001, protocol: 'amqp', address: broker, variables: ['A'] },
    { key: 's', port: 4_002, protocol: 'postgres', address: { path: '/run/x' }, variables: ['B'] },
  ],
  read: async () => undefined,
  beginTest() {},
  look: () => ({ listeners: [], connections: [connection], refusals: [] }),
};
const toTap = { localPort: 1_001, peer: { host: '127.0.0.1', port: 4_001 } };
const late = { localPort: 1_009, peer: { host: '127.0.0.1', port: 4_001 } };
const toSocket = { localPort: 1_002, peer: { host: '127.0.0.1', port: 4_002 } };
const direct = { localPort: 1_003, peer: { host: '10.0.0.1', port: 4_001 } };

test('seeThroughTap() leads a connection to the service, by the port the service knows it by', () => {
  expect(seeThroughTap([toTap, late, toSocket, direct], tap)).toEqual([
    { localPort: 2_001, peer: broker },
    { localPort: 0, peer: broker },
    direct,
  ]);
  expect(seeThroughTap([toTap], undefined)).toEqual([toTap]);
});

test('seeThroughTap() needs no answer of a tap that is gone', () => {
  expect(
    seeThroughTap([toTap], { ...tap, read: async () => undefined, beginTest() {}, look: () => undefined }),
  ).toEqual([{ localPort: 0, peer: broker }]);
});

test('pastTap() leaves what does not lead to the tap', () => {
  expect(pastTap([toTap.peer, direct.peer, toSocket.peer], tap)).toEqual([direct.peer]);
});
