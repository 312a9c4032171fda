import fc from 'fast-check';

const text = fc.string({ minLength: 1 }).filter(value => value.trim() !== '' && !value.includes('\0'));
const anyText = fc.string().filter(value => !value.includes('\0'));
const variable = text.filter(value => !value.includes('='));
const timeMs = fc.nat(2 ** 31 - 1);
const json = fc.jsonValue({ maxDepth: 3 }).filter(value => !JSON.stringify(value).includes('\\u0000'));
const queues = fc.uniqueArray(text, { minLength: 1 });
const strangers = fc.constantFrom('fail', 'warn', 'ignore');
const argv = fc.tuple(text, fc.array(anyText)).map(([program, words]) => [program, ...words]);

const probe = fc.oneof(
  record(
    { kind: fc.constant('rabbitmq'), queues },
    {
      consumers: fc.integer({ min: 1 }),
      url: text,
      strangers,
      share: fc.boolean(),
      managementUrl: fc.constant('http://localhost:15672'),
    },
  ),
  record(
    { kind: fc.constant('postgres') },
    { url: text, table: text, query: text, connection: fc.boolean() },
  ),
  record({ kind: fc.constant('rabbitmq'), queues }, { purge: fc.boolean() }),
  record(
    { kind: fc.constant('http'), url: anyText.map(path => `http://localhost/${path}`) },
    {
      strangers,
      status: fc.constantFrom(401, '200-399', [200, '300-399']),
      intervalMs: timeMs.map(ms => ms || 1),
    },
  ),
  record(
    { kind: fc.constant('tcp'), port: fc.oneof(fc.integer({ min: 1, max: 65_535 }), fc.constant('${PORT}')) },
    { host: text, strangers },
  ),
  record({ kind: fc.constantFrom('file', 'socket'), path: text }, {}),
  record(
    { kind: fc.constant('log'), pattern: fc.oneof(text, fc.constant({ source: 'a+', flags: 'i' })) },
    { stream: fc.constantFrom('stdout', 'stderr', 'both') },
  ),
  record({ kind: fc.constant('command'), command: argv }, { attemptTimeoutMs: timeMs.map(ms => ms || 1) }),
  record({ kind: fc.constant('module'), path: text }, { options: json }),
);

const worker = record(
  { ready: fc.array(probe) },
  {
    cwd: text,
    envFile: fc.oneof(text, fc.array(text)),
    env: fc.dictionary(variable, fc.option(anyText)),
    inherit: fc.oneof(fc.constantFrom('all', 'none'), fc.array(variable)),
    requireEnv: fc.array(variable),
    ports: fc.array(variable),
    startTimeoutMs: timeMs,
    stop: record({}, { signal: fc.constantFrom('SIGTERM', 'SIGINT', 'SIGKILL'), graceMs: timeMs }),
    // True beside attach is a mistake.
    tap: fc.constant(false),
    coverage: fc.constant(false),
    echo: fc.boolean(),
    stdin: fc.constantFrom('ignore', 'pipe'),
    stacksSignal: fc.constantFrom('SIGUSR1', 'SIGUSR2'),
    attach: fc.boolean(),
    maxLogBytes: fc.integer({ min: 1 }),
  },
);

const command = fc.oneof(
  record({ command: argv }, { shell: fc.constant(false) }),
  fc.record({ command: text, shell: fc.constant(true) }),
);

const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/).filter(value => value !== 'none');

/** Options without a mistake; each worker comes after some of those before it, and some options are undefined. */
export const validOptions = record(
  {
    workers: fc
      .uniqueArray(fc.tuple(name, worker, command), { selector: ([first]) => first, maxLength: 5 })
      .chain(workers =>
        fc.array(fc.boolean(), { minLength: 25, maxLength: 25 }).map(picks => chained(workers, picks)),
      ),
  },
  {
    gate: fc.constantFrom('tests', 'setup'),
    startTimeoutMs: timeMs,
    tap: fc.boolean(),
    coverage: fc.boolean(),
  },
);

function chained(
  workers: readonly (readonly [string, object, object])[],
  picks: readonly boolean[],
): Readonly<Record<string, object>> {
  const names = workers.map(([first]) => first);
  return Object.fromEntries(
    workers.map(([first, options, launch], index) => {
      const after = names.filter((_, other) => other < index && picks[index * 5 + other]);
      return [first, { ...options, ...launch, after }];
    }),
  );
}

function record(
  required: Readonly<Record<string, fc.Arbitrary<unknown>>>,
  optional: Readonly<Record<string, fc.Arbitrary<unknown>>>,
): fc.Arbitrary<Record<string, unknown>> {
  const entries = Object.entries(optional).map(([key, value]) => [key, fc.option(value, { nil: undefined })]);
  return fc.record(
    { ...required, ...Object.fromEntries(entries) },
    { requiredKeys: Object.keys(required) },
  ) as fc.Arbitrary<Record<string, unknown>>;
}
