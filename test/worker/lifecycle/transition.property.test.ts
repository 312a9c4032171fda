import fc from 'fast-check';
import type { ExitPolicy } from '../../../src/worker/lifecycle/exit-policy.ts';
import type { LifecycleEffect } from '../../../src/worker/lifecycle/lifecycle-effects.ts';
import { transition } from '../../../src/worker/lifecycle/transition.ts';
import { SimulatedWorld } from './simulated-world.ts';

type Step = typeof transition;

const schedule = fc.uint8Array({ maxLength: 80, size: 'max' });
const policy: fc.Arbitrary<ExitPolicy> = fc.record({
  onExit: fc.constantFrom('fail', 'restart', 'ignore'),
  restartLimit: fc.record({ count: fc.integer({ min: 1, max: 2 }), withinMs: fc.constant(1_000) }),
});
const everySchedule = (step: Step) =>
  fc.property(schedule, policy, fc.boolean(), (choices, exitPolicy, isSmooth) =>
    new SimulatedWorld(step, exitPolicy).run(choices, { isSmooth }),
  );

test('transition() keeps its promises in every schedule', () => {
  fc.assert(everySchedule(transition), { numRuns: 20_000 });
});

/** Lets the effects of real transitions through a fault. */
const withEffects =
  (change: (effects: readonly LifecycleEffect[]) => readonly LifecycleEffect[]): Step =>
  (state, event, exitPolicy) => {
    const next = transition(state, event, exitPolicy);
    return { state: next.state, effects: change(next.effects) };
  };
const without = (kind: LifecycleEffect['kind']) =>
  withEffects(effects => effects.filter(effect => effect.kind !== kind));
const twice = (kind: LifecycleEffect['kind']) =>
  withEffects(effects => effects.flatMap(effect => (effect.kind === kind ? [effect, effect] : [effect])));

const readyAfterExit: Step = (state, event, exitPolicy) => {
  if (state.kind !== 'stopping' || event.kind !== 'probes-ready' || event.launch !== state.launch) {
    return transition(state, event, exitPolicy);
  }
  const { launch, restartsAtMs } = state;
  return {
    state: { kind: 'ready', launch, restartsAtMs, exitAsked: false },
    effects: [{ kind: 'report-ready' }],
  };
};

const stoppedWithoutKill: Step = (state, event, exitPolicy) => {
  const next = transition(state, event, exitPolicy);
  if (event.kind !== 'exited' || next.effects.at(-1)?.kind !== 'kill-tree') return next;
  const effects: LifecycleEffect[] = [...next.effects.slice(0, -1), { kind: 'report-stopped', survivors: 0 }];
  const { launch, restartsAtMs } = state;
  return { state: { kind: 'stopped', launch, restartsAtMs }, effects };
};

const believesStaleEvents: Step = (state, event, exitPolicy) =>
  transition(state, 'launch' in event ? { ...event, launch: state.launch } : event, exitPolicy);

const forgetsRestarts: Step = (state, event, exitPolicy) => {
  const next = transition(state, event, exitPolicy);
  return { ...next, state: { ...next.state, restartsAtMs: [] } };
};

const restartsTheStopped: Step = (state, event, exitPolicy) =>
  state.kind === 'stopping' && state.restartAfter && event.kind === 'stop-asked'
    ? { state, effects: [] }
    : transition(state, event, exitPolicy);

const restartsAlways: Step = (state, event, exitPolicy) =>
  transition(state, event, { ...exitPolicy, onExit: 'restart' });

const believesTheLate: Step = (state, event, exitPolicy) =>
  event.kind === 'leader-found-dead' ? { state, effects: [] } : transition(state, event, exitPolicy);

const forgivesTheLate: Step = (state, event, exitPolicy) => {
  const next = transition(state, event, exitPolicy);
  if (state.kind !== 'stopping') return next;
  return { ...next, effects: next.effects.filter(({ kind }) => kind !== 'report-death') };
};

const failsTheStopped: Step = (state, event, exitPolicy) => {
  const next = transition(state, event, exitPolicy);
  if (next.state.kind !== 'stopped' || state.kind !== 'stopping') return next;
  return { ...next, effects: [...next.effects, { kind: 'report-failure', failure: { kind: 'timeout' } }] };
};

test.each<[string, Step]>([
  ['ready is believed after an exit', readyAfterExit],
  ['the leader is signalled twice', twice('signal-leader')],
  ['an exit is reported twice', twice('report-exit')],
  ['an exit is not reported', without('report-exit')],
  ['a death is reported twice', twice('report-death')],
  ['a death is not reported', without('report-death')],
  ['a restart does not come', without('prepare-restart')],
  ['restarts are not counted', forgetsRestarts],
  ['a stop is followed by a restart', restartsTheStopped],
  ['it is restarted in spite of onExit', restartsAlways],
  ['the question for stacks is not asked', without('ask-stacks')],
  ['a failure is not reported', without('report-failure')],
  ['a failure is reported at the end', failsTheStopped],
  ['a death before the stop is taken for its answer', believesTheLate],
  ['a death before the stop is not reported', forgivesTheLate],
  ['what is left of a dead worker is not killed', stoppedWithoutKill],
  ['grace has no end', without('arm-grace')],
  ['the deadline is not disarmed', without('disarm-deadline')],
  ['an event of an earlier launch is believed', believesStaleEvents],
])('the property finds it when %s', (_, step) => {
  expect(fc.check(everySchedule(step), { numRuns: 20_000 }).failed).toBe(true);
});
