import { deadline, exited, spawned, start } from './life-events.ts';
import { live } from './live-through.ts';

test('transition() asks what a late worker is doing before it is stopped', () => {
  expect(live(start, spawned, deadline)).toMatchObject({
    state: { kind: 'asking' },
    happened: 'cancel-probes ask-stacks',
  });
  const exitedMeanwhile = live(start, spawned, deadline, exited);
  expect(exitedMeanwhile).toMatchObject({ state: { kind: 'asking' }, happened: 'report-exit' });
  expect(live(start, spawned, deadline, exited, exited)).toMatchObject({ happened: '' });
});
