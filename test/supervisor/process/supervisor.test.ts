import { once } from 'node:events';
import type { Socket } from 'node:net';
import { LiveWorkerError } from '../../../src/errors.ts';
import { identifyRun, runName } from '../../../src/records/run-identity.ts';
import type { HeldLaunch, Holdings, StopOrder } from '../../../src/supervisor/process/holdings.ts';
import type { ServerHoldings } from '../../../src/supervisor/process/server-holdings.ts';
import type { SlotHoldings } from '../../../src/supervisor/process/slot-holdings.ts';
import { Supervisor, type SupervisorOptions } from '../../../src/supervisor/process/supervisor.ts';
import type { LeasedLaunch, LeaseOrder, Request, SupervisorFrame } from '../../../src/supervisor/protocol.ts';
import type { WorkerExit } from '../../../src/worker/lifecycle/lifecycle-events.ts';
import { readUntil, socketPair } from './socket-pair.ts';

interface Crafted {
  readonly supervisor: Supervisor;
  readonly notes: string[];
  readonly orders: StopOrder[];
  readonly over: Promise<void>;
}

const run = identifyRun();

const noSlots: SlotHoldings = {
  take: async () => [],
  hand() {},
  async keep() {},
  end() {},
  stop: async () => [],
};
const noServers: ServerHoldings = {
  provide: async () => [],
  async untilUp() {},
  end() {},
  settingsOf: () => undefined,
  isGone: () => false,
  rest: async () => ({ problems: [], keepForMs: undefined }),
  beginRun() {},
  stopUnused: async () => ({ workers: [], used: [], problems: [] }),
  list: () => [],
  stop: async () => [],
};

function craft(
  stop: Holdings['stop'] = async () => [],
  others: Partial<Holdings> = {},
  parts: Partial<SupervisorOptions> = {},
): Crafted {
  const notes: string[] = [];
  const orders: StopOrder[] = [];
  const { opened: over, open: onOver } = openGate();
  const supervisor = new Supervisor({
    version: '1',
    tenure: { run, keptForMs: undefined, keep() {}, adopt: () => false },
    holdings: {
      preload() {},
      lease: async () => [],
      finishLease: async () => [],
      endLease() {},
      async clearSlots() {},
      async yieldTurns() {},
      rest: async () => ({ problems: [], keepForMs: undefined }),
      beginRun() {},
      stopUnused: async () => ({ workers: [], used: [], problems: [] }),
      list: () => [],
      stop(order) {
        orders.push(order);
        return stop(order);
      },
      ...others,
    },
    slots: noSlots,
    servers: noServers,
    note: text => notes.push(text),
    onOver,
    ...parts,
  });
  return { supervisor, notes, orders, over };
}

function openGate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = () => {};
  const opened = new Promise<void>(resolve => {
    open = resolve;
  });
  return { opened, open };
}

async function connectTo(supervisor: Supervisor): Promise<Socket> {
  const { client, server } = await socketPair();
  supervisor.accept(server);
  return client;
}

let lastId = 0;

/** The answer, and the pushes that came before it. */
async function ask(client: Socket, request: Request): Promise<readonly unknown[]> {
  lastId += 1;
  const id = lastId;
  client.write(`${JSON.stringify({ id, request })}\n`);
  const frames = await readUntil<SupervisorFrame>(client, frame => 'id' in frame && frame.id === id);
  return frames.map(frame => ('push' in frame ? frame.push : frame.answer));
}

test('a client of the same version is welcome, another one is told the version', async () => {
  const { supervisor } = craft();
  const client = await connectTo(supervisor);
  expect(await ask(client, { kind: 'hello', version: '1' })).toEqual([{ kind: 'welcome' }]);
  expect(await ask(client, { kind: 'hello', version: '2' })).toEqual([
    { kind: 'otherVersion', version: '1' },
  ]);
});

test('its status has the files of the run and those who are members now', async () => {
  const { supervisor } = craft();
  const [asking, leaving] = [await connectTo(supervisor), await connectTo(supervisor)];
  await ask(asking, { kind: 'member', pid: 7, hasReporter: false });
  await ask(leaving, { kind: 'member', pid: 8, hasReporter: false });
  await ask(asking, { kind: 'runStarted', files: 12 });
  const before = {
    kind: 'status',
    pid: process.pid,
    version: '1',
    run: runName(run),
    files: 12,
    members: [7, 8],
    workers: [],
  };
  expect(await ask(asking, { kind: 'status' })).toEqual([before]);
  leaving.destroy();
  await once(leaving, 'close');
  await new Promise(setImmediate);
  expect(await ask(asking, { kind: 'status' })).toEqual([{ ...before, members: [7] }]);
});

test('runComplete is answered when all is stopped, with what went wrong; then every connection ends', async () => {
  const gate = openGate();
  const problems = [new LiveWorkerError('STOP_FAILED', 'pid 7', { details: { pids: [7] } }), 'odd'];
  const { supervisor, notes, orders, over } = craft(() => gate.opened.then(() => problems));
  const [client, other] = [await connectTo(supervisor), await connectTo(supervisor)];
  const answer = ask(client, { kind: 'runComplete' });
  expect(await ask(other, { kind: 'hello', version: '1' })).toEqual([
    { kind: 'ending', why: 'its run is complete' },
    { kind: 'ending' },
  ]);
  gate.open();
  expect(await answer).toEqual([
    { kind: 'ending', why: 'its run is complete' },
    {
      kind: 'over',
      problems: [{ code: 'STOP_FAILED', message: 'pid 7', details: { pids: [7] } }, { message: 'odd' }],
      isKept: false,
    },
  ]);
  await over;
  // The reporter tells them.
  expect(notes).toEqual([]);
  expect(orders).toEqual([{ kind: 'orderly' }]);
  await Promise.all([client, other].map(socket => socket.resume().closed || once(socket, 'close')));
});

test('a worker that gives its turn up and fails to stop is noted, and the file goes on', async () => {
  const yieldTurns = () => Promise.reject(new Error('it does not end'));
  const { supervisor, notes } = craft(undefined, { yieldTurns });
  const client = await connectTo(supervisor);
  expect(await ask(client, { kind: 'yieldTurns', turns: ['a'] })).toEqual([{ kind: 'done' }]);
  expect(notes).toEqual(['Error: it does not end']);
});

test('what a file is to show when it is over comes before the answer', async () => {
  const launch = { name: 'ops' } as unknown as LeasedLaunch;
  const held: HeldLaunch = {
    launch,
    ready: new Promise(() => {}),
    whyNotReady: () => '',
    onLost: () => ({ stop() {} }),
    readTap: async () => null,
    onExit: () => ({ stop() {} }),
    echoTo: terminal => ({ finish: () => terminal.write('[ops] last\n'), stop() {} }),
  };
  const { supervisor } = craft(undefined, { lease: async () => [held] });
  const client = await connectTo(supervisor);
  await ask(client, { kind: 'reporter', session: { project: '/', isWatching: false, sharesWorkers: false } });
  const order = { workers: [] } as unknown as LeaseOrder;
  expect(await ask(client, { kind: 'lease', order })).toEqual([{ kind: 'leased', workers: [launch] }]);
  expect(await ask(client, { kind: 'finish' })).toEqual([
    { kind: 'echo', text: '[ops] last\n' },
    { kind: 'done', problems: [] },
  ]);
});

test('an exit comes before the end of the lease is answered, or is not of this file any more', async () => {
  const exits = new Set<(exit: WorkerExit) => void>();
  const held: HeldLaunch = {
    launch: { name: 'ops' } as unknown as LeasedLaunch,
    ready: new Promise(() => {}),
    whyNotReady: () => '',
    onLost: () => ({ stop() {} }),
    readTap: async () => null,
    onExit(listener) {
      exits.add(listener);
      return { stop: () => exits.delete(listener) };
    },
  };
  const ended: object[] = [];
  const { supervisor } = craft(undefined, {
    lease: async () => [held],
    endLease: user => ended.push(user),
  });
  const client = await connectTo(supervisor);
  await ask(client, { kind: 'reporter', session: { project: '/', isWatching: false, sharesWorkers: false } });
  await ask(client, { kind: 'lease', order: { workers: [] } as unknown as LeaseOrder });
  const exit = { code: 1, signal: null };
  for (const listener of exits) listener(exit);
  expect(await ask(client, { kind: 'finish' })).toEqual([
    { kind: 'exited', worker: 'ops', exit },
    { kind: 'done', problems: [] },
  ]);
  expect(ended).toHaveLength(1);
  expect(exits.size).toBe(0);
});

test('one that is kept has let go of its slots before another run may take it over', async () => {
  const order: string[] = [];
  const { supervisor } = craft(
    undefined,
    {
      rest: async () => ({ problems: [], keepForMs: 1_000 }),
    },
    {
      tenure: { run, keptForMs: undefined, keep: () => void order.push('kept'), adopt: () => false },
      slots: {
        ...noSlots,
        stop: async () => {
          await new Promise(setImmediate);
          order.push('slots stopped');
          return [];
        },
      },
    },
  );
  const client = await connectTo(supervisor);
  await ask(client, { kind: 'reporter', session: { project: '/', isWatching: false, sharesWorkers: false } });
  expect(await ask(client, { kind: 'runComplete' })).toEqual([{ kind: 'over', problems: [], isKept: true }]);
  expect(order).toEqual(['slots stopped', 'kept']);
});

test('it ends once, by the first order', async () => {
  const gate = openGate();
  const { supervisor, orders, over } = craft(() => gate.opened.then(() => []));
  const [client, other] = [await connectTo(supervisor), await connectTo(supervisor)];
  void supervisor.end('its run is gone', { kind: 'soon', graceMs: 500 });
  void supervisor.end('it got SIGTERM', { kind: 'orderly' });
  const answer = ask(client, { kind: 'runComplete' });
  await ask(other, { kind: 'ping' });
  gate.open();
  expect(await answer).toEqual([
    { kind: 'ending', why: 'its run is gone' },
    { kind: 'over', problems: [], isKept: false },
  ]);
  await over;
  expect(orders).toEqual([{ kind: 'soon', graceMs: 500 }]);
});

test('holdings that fail to stop are a problem, and no reason to stay', async () => {
  const { supervisor, over } = craft(() => Promise.reject(new Error('no more memory')));
  const client = await connectTo(supervisor);
  const [, answer] = await ask(client, { kind: 'runComplete' });
  expect(answer).toEqual({ kind: 'over', problems: [{ message: 'no more memory' }], isKept: false });
  await over;
});

test.each([
  ['no JSON', 'a line that is no JSON', 'hello?\n'],
  ['another request', 'a request that is not known: lunch', '{"id":1,"request":{"kind":"lunch"}}\n'],
  ['no end', 'a line of more than 16777216 bytes', 'x'.repeat(16 * 1024 * 1024 + 1)],
])('a client whose line has %s is told so and closed, others are not', async (_, why, text) => {
  const { supervisor, notes } = craft();
  const [client, other] = [await connectTo(supervisor), await connectTo(supervisor)];
  client.write(text);
  const frames = await readUntil<SupervisorFrame>(client, () => false);
  expect(frames).toEqual([{ push: { kind: 'refused', why } }]);
  expect(notes).toEqual([`a client was refused: it sent ${why}`]);
  expect(await ask(other, { kind: 'ping' })).toEqual([{ kind: 'pong' }]);
});

test('a client that does not read is answered later, and nobody waits for it at the end', async () => {
  const { supervisor, over } = craft();
  const [blocked, other] = [await connectTo(supervisor), await connectTo(supervisor)];
  for (let id = 1; id < 20_000; id += 1)
    blocked.write(`${JSON.stringify({ id, request: { kind: 'status' } })}\n`);
  expect(await ask(other, { kind: 'ping' })).toEqual([{ kind: 'pong' }]);
  await ask(other, { kind: 'runComplete' });
  await over;
});

test('it grants leases to a run whose reporter spoke to one that was lost', async () => {
  const { supervisor } = craft();
  const client = await connectTo(supervisor);
  const order = { workers: [{ name: 'ops', scope: 'run' }] } as unknown as LeaseOrder;
  await ask(client, { kind: 'member', pid: 7, hasReporter: false });
  expect(await ask(client, { kind: 'lease', order })).toMatchObject([
    { kind: 'refused', error: { code: 'REPORTER_MISSING' } },
  ]);
  await ask(client, { kind: 'member', pid: 7, hasReporter: true });
  expect(await ask(client, { kind: 'lease', order })).toEqual([{ kind: 'leased', workers: [] }]);
});
