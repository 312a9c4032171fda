import fc from 'fast-check';
import { type LifecycleEffect, transition } from '../../src/session/lifecycle.ts';
import { SimulatedWorld } from './simulated-world.ts';

type Step = typeof transition;

const schedule = fc.uint8Array({ maxLength: 60 });
const everySchedule = (step: Step) => fc.property(schedule, choices => new SimulatedWorld(step).run(choices));

test('transition() keeps its promises in every schedule', () => {
  fc.assert(everySchedule(transition), { numRuns: 20_000 });
});

/** Lets the effects of real transitions through a fault. */
const withEffects =
  (change: (effects: readonly LifecycleEffect[]) => readonly LifecycleEffect[]): Step =>
  (state, event) => {
    const next = transition(state, event);
    return { state: next.state, effects: change(next.effects) };
  };
const without = (kind: LifecycleEffect['kind']) =>
  withEffects(effects => effects.filter(effect => effect.kind !== kind));
const twice = (kind: LifecycleEffect['kind']) =>
  withEffects(effects => effects.flatMap(effect => (effect.kind === kind ? [effect, effect] : [effect])));

const readyAfterExit: Step = (state, event) => {
  if (state.kind !== 'stopping' || event.kind !== 'probes-ready' || event.launch !== state.launch) {
    return transition(state, event);
  }
  return {
    state: { kind: 'ready', launch: state.launch, exitAsked: false },
    effects: [{ kind: 'report-ready' }],
  };
};

const stoppedWithoutKill: Step = (state, event) => {
  const next = transition(state, event);
  if (event.kind !== 'exited' || next.effects.at(-1)?.kind !== 'kill-tree') return next;
  const effects: LifecycleEffect[] = [...next.effects.slice(0, -1), { kind: 'report-stopped', survivors: 0 }];
  return { state: { kind: 'stopped', launch: state.launch }, effects };
};

const believesStaleEvents: Step = (state, event) =>
  transition(state, 'launch' in event ? { ...event, launch: state.launch } : event);

const failsTheStopped: Step = (state, event) => {
  const next = transition(state, event);
  if (next.state.kind !== 'stopped' || state.kind !== 'stopping') return next;
  return { ...next, effects: [...next.effects, { kind: 'report-failure', failure: { kind: 'timeout' } }] };
};

test.each<[string, Step]>([
  ['ready is believed after an exit', readyAfterExit],
  ['the leader is signalled twice', twice('signal-leader')],
  ['an exit is reported twice', twice('report-exit')],
  ['an exit is not reported', without('report-exit')],
  ['a failure is not reported', without('report-failure')],
  ['a failure is reported at the end', failsTheStopped],
  ['what is left of a dead worker is not killed', stoppedWithoutKill],
  ['grace has no end', without('arm-grace')],
  ['the deadline is not disarmed', without('disarm-deadline')],
  ['an event of an earlier launch is believed', believesStaleEvents],
])('the property finds it when %s', (_, step) => {
  expect(fc.check(everySchedule(step), { numRuns: 20_000 }).failed).toBe(true);
});
