import { restartedEnv, toReplayPlan, withSecrets } from '../../../src/command/replay/replay-plan.ts';
import { toLaunchRecord } from '../../../src/launch/launch-record.ts';
import type { LaunchPlan } from '../../../src/launch/plan.ts';
import { secretSources } from '../../../src/launch/secret-sources.ts';
import { Secrets } from '../../../src/secrets/secrets.ts';
import { caught } from '../../launch/caught.ts';

const plan: LaunchPlan = {
  worker: 'ops',
  id: 'ops.1.abc',
  file: '/usr/bin/node',
  args: ['worker.js', '--token', 'tok-in-argv-123', '--port', '8080'],
  executable: { rule: 'path', asked: 'node', tried: [] },
  cwd: '/app',
  env: {
    LIVE_WORKER_ID: 'ops.1.abc',
    API_TOKEN: 'very-secret-token',
    RABBITMQ_URL: 'amqp://ops:hunter22@127.0.0.1:5672',
    PORT: '8080',
    MODE: 'slow',
    PLAIN: 'x',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4711/key/ops',
  },
  provenance: {
    PORT: { layer: 'port' },
    MODE: { layer: 'restart' },
    API_TOKEN: { layer: 'env' },
    OTEL_EXPORTER_OTLP_ENDPOINT: { layer: 'otel' },
  },
  withheld: [],
  ports: { PORT: 8080 },
};
const secrets = new Secrets(secretSources(plan, []));
const launch = { path: '/app/ops.launch.ndjson', record: toLaunchRecord(plan, secrets), writtenMs: 0 };

test('toReplayPlan() knows what the record does not tell, and leaves the cookie out, and where spans were to be sent', () => {
  const replayed = toReplayPlan(launch);
  expect(replayed.env).toEqual({ PORT: '8080', MODE: 'slow', PLAIN: 'x' });
  expect(replayed).toMatchObject({ masked: ['API_TOKEN', 'RABBITMQ_URL'], isCommandMasked: true });
  expect(JSON.stringify(replayed)).not.toMatch(/very-secret|hunter22|tok-in-argv/);
});

test('restartedEnv() keeps the ports of the launch and what a test restarted it with', () => {
  expect(restartedEnv(launch.record)).toEqual({ PORT: '8080', MODE: 'slow' });
});

test('withSecrets() fills in secrets only, from the launch of today', () => {
  const today = { ...plan, env: { ...plan.env, PLAIN: 'changed', API_TOKEN: 'the-token-of-today' } };
  expect(withSecrets(toReplayPlan(launch), today, secrets)).toMatchObject({
    command: [plan.file, ...plan.args],
    env: { PLAIN: 'x', API_TOKEN: 'the-token-of-today', RABBITMQ_URL: plan.env.RABBITMQ_URL },
    masked: [],
    isCommandMasked: false,
  });
});

test('withSecrets() refuses what today does not have any more', async () => {
  const { API_TOKEN: _, ...env } = plan.env;
  expect(await caught(() => withSecrets(toReplayPlan(launch), { ...plan, env }, secrets))).toMatchObject({
    code: 'REPLAY_IMPOSSIBLE',
    message: expect.stringContaining('API_TOKEN'),
  });
  expect(
    await caught(() => withSecrets(toReplayPlan(launch), { ...plan, args: ['other.js'] }, secrets)),
  ).toMatchObject({
    code: 'REPLAY_IMPOSSIBLE',
  });
});
