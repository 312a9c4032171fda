import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HeldLaunch } from '../../../src/supervisor/process/holdings.ts';
import type { LeaseOrder, SlotsOrder } from '../../../src/supervisor/protocol.ts';
import { Spares, type SparesOptions } from '../../../src/supervisor/spares/spares.ts';
import { deferred } from '../../../src/worker/runner/deferred.ts';
import { workerSpec } from '../../launch/worker-spec.ts';

const workers = [workerSpec({ ready: [] })];
const isolate = { postgres: {}, rabbitmq: {}, env: {}, testEnv: [], spare: 1, keepFailed: false } as const;
const order: SlotsOrder = { rootDir: '/p', testFile: 'a.test.js', isolate, places: [], workers, env: {} };
const slotOf = (name: string) => ({ kind: 'postgres', place: 'h/app', name });
const leaseOf = (name: string) =>
  ({ rootDir: '/p', workers, slots: { given: [slotOf(name)], env: {} } }) as unknown as LeaseOrder;
const ready: HeldLaunch[] = [{ ready: Promise.resolve({ pid: 1 }) } as unknown as HeldLaunch];

/** Spares whose slots and workers are made when the test says so. */
function craft() {
  const [slots, leases] = [deferred<void>(), deferred<void>()];
  const said: string[] = [];
  let count = 0;
  const options: SparesOptions = {
    slots: {
      async take() {
        count += 1;
        const name = `spare ${count}`;
        said.push(`take ${name}`);
        await slots.promise;
        return [slotOf(name)];
      },
      end: () => void said.push('end'),
    },
    holdings: {
      async lease({ slots: own, folder }, user) {
        said.push(`lease ${own?.given[0]?.name} for ${user} in ${folder}`);
        await leases.promise;
        said.push('leased');
        return ready;
      },
    },
    session: () => undefined,
    note: text => said.push(text),
    machine: { hasRoom: () => true },
  };
  const spares = new Spares(options);
  spares.noteGiven(order, [slotOf('own')]);
  return { spares, said, slots, leases };
}

/** All that may come of what has happened. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
}

test('one is made when a file has its workers, and is had by the next one of its kind', async () => {
  const { spares, said, slots, leases } = craft();
  spares.noteLease({}, leaseOf('own'), ready);
  slots.resolve();
  leases.resolve();
  await settle();
  expect(said).toEqual(['take spare 1', 'lease spare 1 for undefined in undefined', 'leased']);
  expect(await spares.take({ ...order, rootDir: '/other' })).toBeUndefined();
  expect(await spares.take({ ...order, testFile: 'b.test.js' })).toMatchObject({
    slots: [slotOf('spare 1')],
  });
  expect(await spares.take(order)).toBeUndefined();
  expect(said).not.toContain('end');
});

test('what is dropped while its workers are being launched loses its slots when they are there to be stopped', async () => {
  const { spares, said, slots, leases } = craft();
  spares.noteLease({}, leaseOf('own'), ready);
  slots.resolve();
  await settle();
  spares.endRun();
  await settle();
  expect(said).toEqual(['take spare 1', 'lease spare 1 for undefined in undefined']);
  leases.resolve();
  await settle();
  expect(said.slice(2)).toEqual(['leased', 'end']);
});

test('what is dropped while its slots are being made has no workers, and loses them', async () => {
  const { spares, said, slots } = craft();
  spares.beginRun(2);
  spares.noteLease({}, leaseOf('own'), ready);
  await settle();
  expect(said).toEqual(['take spare 1']);
  // The last file has its own meanwhile.
  spares.noteLease({}, leaseOf('own'), ready);
  slots.resolve();
  await settle();
  expect(said).toEqual(['take spare 1', 'end']);
});

test('one whose launch cannot be prepared is noted and dropped', async () => {
  const { spares, said, slots, leases } = craft();
  spares.noteLease({}, leaseOf('own'), ready);
  slots.resolve();
  leases.reject(new Error('no such command'));
  await settle();
  expect(said.slice(2)).toEqual(['a spare was not made: Error: no such command', 'end']);
});

test('one whose slots cannot be made is none', async () => {
  const { spares, said, slots } = craft();
  spares.noteLease({}, leaseOf('own'), ready);
  const taken = spares.take(order);
  slots.reject(new Error('too many connections'));
  expect(await taken).toBeUndefined();
  await settle();
  expect(said).toContain('a spare was not made: Error: too many connections');
});
