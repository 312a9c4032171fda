import { parseOptions } from '../../src/options/parse-options.ts';
import { attachWanted } from '../../src/session/attach-wanted.ts';
import { workerSpec } from '../launch/worker-spec.ts';

const spec = {
  gate: 'tests' as const,
  services: {},
  keepAliveMs: 0,
  workers: ['ops', 'api', 'mail'].map(name => workerSpec({ name, attach: name === 'mail' })),
};
const attached = (list: string | undefined) =>
  attachWanted(spec, list)
    .workers.filter(({ attach }) => attach)
    .map(({ name }) => name);

test('attachWanted() adds the names of the list to those attached by option', () => {
  expect(attached(undefined)).toEqual(['mail']);
  expect(attached('')).toEqual(['mail']);
  expect(attached('ops')).toEqual(['ops', 'mail']);
  expect(attached(' api, ops,')).toEqual(['ops', 'api', 'mail']);
});

test('attachWanted() says once of a name that is misspelt, and nothing of one it cannot know', () => {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    attached('opps');
    attached('opps,elsewhere');
    expect(write.mock.calls.map(([text]) => text)).toEqual([expect.stringContaining('did you mean "ops"?')]);
  } finally {
    write.mockRestore();
  }
});

test('a worker that runs already cannot be isolated', () => {
  const options = { isolate: true, workers: { ops: { command: ['worker'], ready: [] } } };
  const isolated = parseOptions(options);
  expect(() => attachWanted(isolated, 'ops')).toThrow('LIVE_WORKER_ATTACH: got "ops" beside isolate');
  expect(attachWanted(isolated, 'another')).toEqual(isolated);
});
