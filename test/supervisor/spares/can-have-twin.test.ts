import { completeProbe } from '../../../src/options/complete-probe.ts';
import type { ProbeOptions } from '../../../src/options/probe-options.ts';
import { canHaveTwin } from '../../../src/supervisor/spares/can-have-twin.ts';
import { workerSpec } from '../../launch/worker-spec.ts';

test.each<[ProbeOptions, boolean]>([
  [{ kind: 'rabbitmq', queues: ['a'] }, true],
  [{ kind: 'log', pattern: 'ready' }, true],
  [{ kind: 'http', url: 'http://127.0.0.1:${HTTP_PORT}/health' }, true],
  [{ kind: 'http', url: 'http://127.0.0.1:8080/health' }, false],
  [{ kind: 'http', url: 'http://127.0.0.1:${OTHER_PORT}/health' }, false],
  [{ kind: 'tcp', port: '${HTTP_PORT}' }, true],
  [{ kind: 'tcp', port: 8080 }, false],
  [{ kind: 'socket', path: 'a.sock' }, false],
  [{ kind: 'file', path: 'ready' }, false],
])('a worker with %j can have a twin on the machine: %s', (probe, wanted) => {
  const spec = workerSpec({ ready: [completeProbe(probe)], ports: ['HTTP_PORT'] });
  expect(canHaveTwin([workerSpec({ ready: [] }), spec])).toBe(wanted);
});
