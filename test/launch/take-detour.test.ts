import type { LaunchPlan } from '../../src/launch/plan.ts';
import { takeDetour } from '../../src/launch/take-detour.ts';

const plan = {
  worker: 'ops',
  args: ['-b', 'amqp://b'],
  env: { A: 'amqp://b', B: 'b', C: 'c' },
} as unknown as LaunchPlan;

test('takeDetour() gives the process what leads to the tap, and takes away what would lead past it', () => {
  const detour = { env: { A: 'amqp://127.0.0.1:1', C: null }, args: ['-b', 'amqp://127.0.0.1:1'] };
  expect(takeDetour({ ...plan, detour })).toMatchObject({
    args: ['-b', 'amqp://127.0.0.1:1'],
    env: { A: 'amqp://127.0.0.1:1', B: 'b' },
  });
  expect(takeDetour({ ...plan, detour }).env).not.toHaveProperty('C');
});

test('takeDetour() leaves a plan without a tap as it is', () => {
  expect(takeDetour(plan)).toBe(plan);
});
