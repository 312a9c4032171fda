import { ownLead } from '../../../src/launch/environment/lay-otel.ts';
import { resolveEnvironment } from '../../../src/launch/environment/resolve-environment.ts';
import type { WorkerSpec } from '../../../src/options/options.ts';
import { launchInputs, workerSpec } from '../worker-spec.ts';

const endpoint = 'http://127.0.0.1:4711/key/ops';

async function resolved(
  spec: Partial<WorkerSpec>,
  inheritedEnv: Readonly<Record<string, string>> = {},
  otlpEndpoint: string | null = endpoint,
) {
  const { table } = await resolveEnvironment(workerSpec(spec), {
    ...launchInputs({ inheritedEnv, otlpEndpoint: otlpEndpoint ?? undefined }),
    cwd: '/',
  });
  const env = Object.fromEntries(table.values());
  const provenance = Object.fromEntries(table.origins());
  const otel = Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('OTEL_')));
  return { otel, provenance, withheld: table.withheld(), own: ownLead({ env, provenance }) };
}

const ours = {
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
  OTEL_BSP_SCHEDULE_DELAY: '20',
  OTEL_SERVICE_NAME: 'ops',
};

test('layOtel() leads the spans of a worker that says nothing of them', async () => {
  const { otel, provenance, own } = await resolved({});
  expect(otel).toEqual(ours);
  expect(provenance.OTEL_SERVICE_NAME).toEqual({ layer: 'otel' });
  expect(own).toEqual([]);
});

test('layOtel() is not there without an endpoint', async () => {
  expect((await resolved({}, {}, null)).otel).toEqual({});
});

test('layOtel() takes away what was only inherited', async () => {
  const { otel, withheld, own } = await resolved(
    {},
    {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
      OTEL_TRACES_SAMPLER: 'always_off',
      OTEL_SERVICE_NAME: 'shell',
      OTEL_PROPAGATORS: 'b3',
    },
  );
  expect(otel).toEqual({ ...ours, OTEL_PROPAGATORS: 'b3' });
  expect(withheld).toEqual([
    { name: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', why: 'unset by otel' },
    { name: 'OTEL_TRACES_SAMPLER', why: 'unset by otel' },
  ]);
  expect(own).toEqual([]);
});

test('layOtel() keeps what the worker sets beside', async () => {
  const env = { OTEL_BSP_SCHEDULE_DELAY: '5', OTEL_RESOURCE_ATTRIBUTES: 'service.name=shop' };
  const { OTEL_SERVICE_NAME, ...rest } = ours;
  expect((await resolved({ env })).otel).toEqual({ ...rest, ...env });
});

test.each([
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://collector:4318'],
  ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'grpc'],
  ['OTEL_TRACES_EXPORTER', 'none'],
  ['OTEL_SDK_DISABLED', 'true'],
])('layOtel() leaves a worker alone that sets %s itself', async (name, value) => {
  const { otel, own } = await resolved({ env: { [name]: value } }, { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' });
  expect(otel).toEqual({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', [name]: value });
  expect(own).toEqual([name]);
});

test('layOtel() takes a name in inherit for the choice of the worker', async () => {
  const name = 'OTEL_EXPORTER_OTLP_ENDPOINT';
  const { otel, own } = await resolved({ inherit: [name] }, { [name]: 'http://collector:4318' });
  expect([otel, own]).toEqual([{ [name]: 'http://collector:4318' }, [name]]);
});
