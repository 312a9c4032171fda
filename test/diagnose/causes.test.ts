import type { CauseRule } from '../../src/diagnose/cause.ts';
import { missingVariable, testOnlyVariables } from '../../src/diagnose/causes/environment.ts';
import {
  endedAsDone,
  killed,
  missingLibrary,
  refusedByShell,
  wroteNothing,
} from '../../src/diagnose/causes/exit.ts';
import {
  nodeModuleFormat,
  nodeModuleMissing,
  unsupportedEngine,
} from '../../src/diagnose/causes/node-modules.ts';
import { addressInUse } from '../../src/diagnose/causes/ports.ts';
import { pythonImportFailed, pythonModuleMissing } from '../../src/diagnose/causes/python-modules.ts';
import { connectedElsewhere, consumesElsewhere, notConnected } from '../../src/diagnose/causes/queues.ts';
import { connectionRefused, tableMissing } from '../../src/diagnose/causes/services.ts';
import type { Evidence } from '../../src/diagnose/evidence.ts';
import {
  broker,
  database,
  evidence,
  exited,
  killedBy,
  stderr,
  timeout,
  toBroker,
  variable,
} from './crafted-evidence.ts';

type Rest = Partial<Evidence>;

/** Each rule with evidence that shows its cause, and what it must say then. */
const shown: readonly (readonly [CauseRule, string, Rest, readonly (string | RegExp)[]])[] = [
  [
    pythonModuleMissing,
    'a traceback',
    stderr('Traceback (most recent call last):', "ModuleNotFoundError: No module named 'dramatiq'"),
    [
      'Python has no module "dramatiq" (ModuleNotFoundError); it ran as /app/.venv/bin/python (python3.11, of /app/.venv, found by rule "venv")',
      'install "dramatiq" for that interpreter',
    ],
  ],
  [
    pythonModuleMissing,
    'python -m',
    stderr('/usr/bin/python3: No module named ops_core.main'),
    ['Python has no module "ops_core.main"'],
  ],
  [
    pythonModuleMissing,
    'python -m of a package that is not there',
    stderr(
      "/usr/bin/python3: Error while finding module specification for 'ops_core.main' (ModuleNotFoundError: No module named 'ops_core')",
    ),
    ['Python has no module "ops_core"'],
  ],
  [
    pythonModuleMissing,
    'celery -A',
    stderr('The module ops_core.tasks was not found.'),
    ['"ops_core.tasks"'],
  ],
  [
    pythonModuleMissing,
    'a module of the project',
    {
      ...stderr("ModuleNotFoundError: No module named 'ops_core'"),
      variables: [variable('PYTHONPATH', '/lib', 'set in .env:2')],
      search: {
        listenersOn: () => [],
        pythonModule: () => ({ interpreters: [], sourceFolders: ['/app/services/ops/src'] }),
      },
    },
    [
      `The project itself has it at services/ops/src/ops_core, which is not on the worker's path: PYTHONPATH is "/lib", set in .env:2`,
      "set PYTHONPATH=src in the worker's env or env file",
    ],
  ],
  [
    pythonModuleMissing,
    'a module of another virtual environment',
    {
      ...stderr("ModuleNotFoundError: No module named 'dramatiq'"),
      search: {
        listenersOn: () => [],
        pythonModule: () => ({
          interpreters: ['/app/.venv/bin/python', '/app/services/ops/venv/bin/python'],
          sourceFolders: [],
        }),
      },
    },
    [/has it: \/app\/services\/ops\/venv\/bin\/python$/m, 'command: ["venv/bin/python", ...]'],
  ],
  [
    pythonImportFailed,
    'a name that is not in the module',
    stderr("ImportError: cannot import name 'Broker' from 'dramatiq' (/lib/dramatiq/__init__.py)"),
    ["Python could not import: cannot import name 'Broker' from 'dramatiq'", 'compare the installed version'],
  ],
  [
    missingLibrary,
    'an extension of Python',
    stderr('ImportError: libpq.so.5: cannot open shared object file: No such file or directory'),
    ['the shared library libpq.so.5 is not installed'],
  ],
  [
    missingLibrary,
    'the loader',
    {
      failure: exited(127),
      ...stderr(
        './ops: error while loading shared libraries: libssl.so.3: cannot open shared object file: No such file',
      ),
    },
    ['the shared library libssl.so.3 is not installed'],
  ],
  [
    missingLibrary,
    'a C library that is too old',
    stderr("./ops: /lib/libc.so.6: version `GLIBC_2.38' not found (required by ./ops)"),
    ['it was built for a newer system', 'no GLIBC_2.38'],
  ],
  [
    nodeModuleMissing,
    'require()',
    stderr(
      "Error: Cannot find module 'amqplib/callback_api'",
      'Require stack:',
      '- /app/services/ops/worker.js',
      'at Module._load (node:internal/modules/cjs/loader:1:1)',
    ),
    [
      'Node found no package "amqplib/callback_api", which /app/services/ops/worker.js asks for',
      'npm install amqplib, in the project of /app/services/ops',
    ],
  ],
  [
    nodeModuleMissing,
    'import',
    stderr("Error [ERR_MODULE_NOT_FOUND]: Cannot find package '@acme/ops' imported from /app/worker.mjs"),
    ['Node found no package "@acme/ops", which /app/worker.mjs asks for', 'npm install @acme/ops'],
  ],
  [
    nodeModuleMissing,
    'a file',
    stderr("Error: Cannot find module '/app/services/ops/worker.js'"),
    [
      'there is no file "/app/services/ops/worker.js"',
      'relative words of command are resolved from /app/services/ops',
    ],
  ],
  [
    nodeModuleFormat,
    'require() of an ES module, whose code stands below',
    stderr(
      'Error [ERR_REQUIRE_ESM]: require() of ES Module /app/a.mjs not supported.',
      '    at Object.<anonymous> (/app/worker.cjs:1:1) {',
      "  code: 'ERR_REQUIRE_ESM'",
      '}',
    ),
    ['wrong kind of module: require() of ES Module /app/a.mjs not supported.', 'name it .mjs or .cjs'],
  ],
  [
    nodeModuleFormat,
    'TypeScript',
    stderr('TypeError [ERR_UNKNOWN_FILE_EXTENSION]: Unknown file extension ".ts" for /app/worker.ts'),
    ['Unknown file extension ".ts"', 'run it with a loader'],
  ],
  [
    nodeModuleFormat,
    'require in an ES module',
    stderr('ReferenceError: require is not defined in ES module scope, you can use import instead'),
    ['require is not defined in ES module scope'],
  ],
  [
    unsupportedEngine,
    'npm',
    stderr('npm error code EBADENGINE', 'npm error engine Unsupported engine'),
    ['its Node is the wrong version: npm error code EBADENGINE; it ran as /app/.venv/bin/python'],
  ],
  [
    unsupportedEngine,
    'yarn',
    stderr('error ops@1.0.0: The engine "node" is incompatible with this module. Expected version ">=22".'),
    ['engine "node" is incompatible'],
  ],
  [
    unsupportedEngine,
    'an add-on for another Node',
    stderr(
      "Error: The module '/app/node_modules/x/build/x.node'",
      'was compiled against a different Node.js version using',
      'NODE_MODULE_VERSION 108. This version of Node.js requires',
    ),
    ['/app/node_modules/x/build/x.node was built for another version of Node', 'npm rebuild'],
  ],
  [
    missingVariable,
    'os.environ',
    {
      ...stderr('  File "<frozen os>", line 679, in __getitem__', "KeyError: 'RABBITMQ_URL'"),
      withheld: [{ name: 'RABBITMQ_URL', why: 'not in inherit' }],
    },
    [
      'the worker reads RABBITMQ_URL, which is not in its environment: Jest has it, but it was held back (not in inherit)',
      "set RABBITMQ_URL in the worker's env or env file",
    ],
  ],
  [
    addressInUse,
    'a port that Node names',
    {
      ...stderr('Error: listen EADDRINUSE: address already in use :::9191'),
      variables: [variable('METRICS_PORT', '9191')],
      search: holders({ 9191: 4711 }),
    },
    [
      'port 9191 is in use already (METRICS_PORT, set in .env:1); it is held by',
      '| pid 4711 on port 9191: holder',
    ],
  ],
  [
    addressInUse,
    'a port that Python does not name, behind a time of day',
    {
      ...stderr('2026-01-02 23:57:12,123 ERROR OSError: [Errno 98] Address already in use'),
      variables: [
        variable('METRICS_PORT', '9191'),
        variable('PGPORT', '5433'),
        variable('HTTP_PORT', '5672'),
      ],
      services: [broker],
      search: holders({ 57: 1, 5433: 2, 5672: 3, 9191: 4711 }),
    },
    [/^port 9191 is in use already \(METRICS_PORT.*\n {2}\| pid 4711 on port 9191: holder$/],
  ],
  [
    addressInUse,
    'a holder that cannot be seen',
    stderr(
      "OSError: [Errno 98] error while attempting to bind on address ('127.0.0.1', 8080): address already in use",
    ),
    ['port 8080 is in use already, by a process that is gone by now or that this user may not look at'],
  ],
  [
    tableMissing,
    'a probe',
    {
      failure: timeout,
      services: [database],
      probes: [
        {
          probe: 'Postgres has table "task"',
          answer: { kind: 'pending', why: 'relation "task" does not exist in database "ops"' },
        },
      ],
    },
    [
      'relation "task" does not exist in database "ops" of Postgres at localhost:5432 (DATABASE_URL, set in .env:4)',
      'run the migrations',
    ],
  ],
  [
    tableMissing,
    'the worker itself',
    stderr('psycopg2.errors.UndefinedTable: relation "task" does not exist'),
    ['relation "task" does not exist in the database'],
  ],
  [
    connectionRefused,
    'an address of a variable',
    {
      ...stderr('Error: connect ECONNREFUSED 127.0.0.1:5999'),
      variables: [variable('RABBITMQ_URL', 'amqp://guest:***@localhost:5999', 'set in .env:3')],
      services: [broker],
    },
    [
      'nothing listens on 127.0.0.1:5999, where the worker wants to connect to, which comes from RABBITMQ_URL, set in .env:3',
      'The probe expects RabbitMQ at localhost:5672 (RABBITMQ_URL, set in .env:3)',
      'correct RABBITMQ_URL, or start what should listen there',
    ],
  ],
  [
    connectionRefused,
    'an address of no variable',
    stderr("ConnectionRefusedError: [Errno 111] Connection refused ('10.0.0.7', 6379)"),
    ['nothing listens on 10.0.0.7:6379', 'none of its variables names: a default in its code'],
  ],
  [
    connectionRefused,
    'a service that answers this process',
    { ...stderr('Error: connect ECONNREFUSED 127.0.0.1:5672'), services: [broker] },
    [
      'it was refused by 127.0.0.1:5672, where live-worker itself gets an answer from RabbitMQ at localhost:5672',
      'container or network of its own',
    ],
  ],
  [
    killed,
    'a counter that rose',
    { failure: killedBy('SIGKILL'), memoryKills: { count: 1, of: 'control group' } },
    [
      "it was killed by SIGKILL, not by live-worker; the kernel's out-of-memory counter of its control group rose by 1 since the worker was started",
      'more memory',
    ],
  ],
  [
    killed,
    'a counter that did not',
    { failure: killedBy('SIGKILL'), memoryKills: { count: 0, of: 'machine' } },
    ["the kernel's out-of-memory counter of this machine did not rise", 'look for whoever sends it'],
  ],
  [
    killed,
    'no counter',
    { failure: killedBy('SIGKILL') },
    [/not by live-worker$/, 'look for whoever sends it'],
  ],
  [killed, 'a shell between', { failure: exited(137) }, ['code 137 is what a shell answers']],
  [
    killed,
    'a worker that was ready',
    { failure: { kind: 'died', exit: { code: null, signal: 'SIGKILL' } } },
    ['it was killed by SIGKILL'],
  ],
  [
    refusedByShell,
    '127',
    { failure: exited(127), ...stderr('sh: 1: dramatiq: not found') },
    ['code 127 is what a shell answers when it finds no such program: sh: 1: dramatiq: not found', 'PATH'],
  ],
  [
    refusedByShell,
    '127 of env',
    { failure: exited(127), ...stderr('/usr/bin/env: ‘pyhton’: No such file or directory') },
    ['‘pyhton’: No such file or directory'],
  ],
  [
    refusedByShell,
    '126',
    { failure: exited(126), ...stderr('sh: 1: ./worker.sh: Permission denied') },
    [
      'code 126 is what a shell answers when it cannot execute a program: sh: 1: ./worker.sh: Permission denied',
      'chmod +x',
    ],
  ],
  [
    endedAsDone,
    'a daemon',
    { failure: exited(0), tree: [{ pid: 4711, command: 'celery worker' }] },
    ['it turned itself into a daemon', '| pid 4711: celery worker', 'keep it in the foreground'],
  ],
  [
    endedAsDone,
    'nothing left',
    { failure: exited(0) },
    ['it had nothing to do, or it turned itself into a daemon'],
  ],
  [
    wroteNothing,
    'a timeout without a word',
    { failure: timeout, output: { stdout: [], stderr: [] } },
    ['it wrote nothing: it may hang in an import'],
  ],
  [
    notConnected,
    'no connection, with a variable that looks test-only',
    {
      failure: timeout,
      services: [broker],
      peers: [{ host: '127.0.0.1', port: 5432 }],
      variables: [
        variable('DRAMATIQ_TESTING', '1', 'inherited from the environment of Jest'),
        variable('CELERY_TASK_ALWAYS_EAGER', 'false'),
        variable('PATH', '/bin'),
      ],
    },
    [
      'it is alive, but has no connection to RabbitMQ at localhost:5672 (RABBITMQ_URL, set in .env:3)',
      'A variable that looks test-only may keep it on a stub: DRAMATIQ_TESTING=1 (inherited from the environment of Jest)',
      'env: { DRAMATIQ_TESTING: null }',
    ],
  ],
  [
    connectedElsewhere,
    'another broker',
    {
      failure: timeout,
      services: [broker],
      peers: [{ host: '127.0.0.1', port: 5999 }],
      variables: [variable('BROKER_URL', 'amqp://guest:***@127.0.0.1:5999', 'set in .env:7')],
    },
    [
      'it is connected to 127.0.0.1:5999, but the probe expects RabbitMQ at localhost:5672',
      "Its address comes from BROKER_URL, set in .env:7; the probe's from RABBITMQ_URL, set in .env:3",
    ],
  ],
  [
    consumesElsewhere,
    'another queue of this file',
    {
      failure: timeout,
      services: [broker],
      peers: [toBroker],
      queues: [
        { queue: 'default', consumers: 0 },
        { queue: 'ops', consumers: 1 },
      ],
      variables: [variable('TASK_QUEUE', 'ops', 'set in .env:9')],
    },
    [
      'it is connected to RabbitMQ at localhost:5672, but does not consume from "default": 0 consumers',
      'Of the queues this test file names, "ops" has 1',
      'Its variables about queues: TASK_QUEUE=ops (set in .env:9)',
    ],
  ],
  [
    consumesElsewhere,
    'the management API',
    { failure: timeout, services: [broker], peers: [toBroker], consumedQueues: ['mail', 'ops'] },
    [`By the broker's management API it consumes from "mail", "ops"`],
  ],
];

/** Each rule with evidence that looks like its cause and is none. */
const silent: readonly (readonly [CauseRule, string, Rest])[] = [
  [
    pythonModuleMissing,
    'a program that does without',
    stderr("uvloop is not used: No module named 'uvloop'"),
  ],
  [pythonImportFailed, 'a module that is missing', stderr('ImportError: No module named dramatiq')],
  [
    pythonImportFailed,
    'a library that is missing',
    stderr('ImportError: libpq.so.5: cannot open shared object file: No such file or directory'),
  ],
  [missingLibrary, 'a library that is named', stderr('loaded libpq.so.5')],
  [nodeModuleMissing, 'a file of the program', stderr("cannot find module settings in 'a.toml'")],
  [nodeModuleFormat, 'a code alone', stderr("  code: 'ERR_REQUIRE_ESM'")],
  [
    unsupportedEngine,
    'a warning of npm',
    stderr('npm warn EBADENGINE Unsupported engine { package: "x@1" }'),
  ],
  [unsupportedEngine, 'a sentence about Node', stderr('this worker requires Node and 2 queues')],
  [unsupportedEngine, 'a module that is not there', stderr("Error: The module '/app/x.node' is gone")],
  [missingVariable, 'a key of another dict', stderr('  File "/app/prices.py", line 3', "KeyError: 'USD'")],
  [
    missingVariable,
    'a variable that it has',
    {
      ...stderr('  File "/usr/lib/python3.9/os.py", line 679, in __getitem__', "KeyError: 'HOME'"),
      variables: [variable('HOME', '/root')],
    },
  ],
  [addressInUse, 'a port that is spoken of', stderr('listening on port 9191')],
  [
    tableMissing,
    'another probe that waits',
    { probes: [{ probe: 'x', answer: { kind: 'pending', why: 'no row' } }] },
  ],
  [tableMissing, 'a probe that was satisfied', { probes: [{ probe: 'x', answer: { kind: 'ready' } }] }],
  [connectionRefused, 'another error of a connection', stderr('Error: connect ETIMEDOUT 127.0.0.1:5999')],
  [killed, 'another signal', { failure: killedBy('SIGTERM'), memoryKills: { count: 1, of: 'machine' } }],
  [killed, 'a timeout', { failure: timeout, memoryKills: { count: 1, of: 'machine' } }],
  [refusedByShell, 'another code', { failure: exited(1), ...stderr('sh: 1: dramatiq: not found') }],
  [
    refusedByShell,
    'a loader that found no library',
    {
      failure: exited(127),
      ...stderr('ops: libx.so.1: cannot open shared object file: No such file or directory'),
    },
  ],
  [endedAsDone, 'another code', { failure: exited(3) }],
  [endedAsDone, 'a worker that was ready', { failure: { kind: 'died', exit: { code: 0, signal: null } } }],
  [wroteNothing, 'an exit', { output: { stdout: [], stderr: [] } }],
  [wroteNothing, 'a worker that wrote', { failure: timeout }],
  [notConnected, 'a connection', { failure: timeout, services: [broker], peers: [toBroker] }],
  [notConnected, 'an exit', { services: [broker], peers: [] }],
  [notConnected, 'no /proc', { failure: timeout, services: [broker] }],
  [
    notConnected,
    'another broker',
    { failure: timeout, services: [broker], peers: [{ host: 'mq', port: 5999 }] },
  ],
  [notConnected, 'no broker wanted', { failure: timeout, services: [database], peers: [] }],
  [
    connectedElsewhere,
    'connections to a database and a cache',
    {
      failure: timeout,
      services: [broker],
      peers: [
        { host: 'db', port: 5432 },
        { host: 'cache', port: 6379 },
      ],
    },
  ],
  [
    connectedElsewhere,
    'the broker and something else',
    { failure: timeout, services: [broker], peers: [toBroker, { host: 'mq', port: 5999 }] },
  ],
  [
    consumesElsewhere,
    'a consumer that is there',
    { failure: timeout, services: [broker], peers: [toBroker], queues: [{ queue: 'default', consumers: 1 }] },
  ],
  [consumesElsewhere, 'no connection', { failure: timeout, services: [broker], peers: [] }],
];

const name = (rule: CauseRule) => rule.name;

test.each(shown.map(([rule, what, rest, parts]) => [name(rule), what, { rule, rest, parts }] as const))(
  '%s() shows: %s',
  (_name, _what, { rule, rest, parts }) => {
    const cause = rule(evidence(rest));
    const text = [cause?.text, ...(cause?.change ?? [])].join('\n');
    for (const part of parts) {
      if (typeof part === 'string') expect(text).toContain(part);
      else expect(cause?.text).toMatch(part);
    }
    expect(cause?.change.length).toBeGreaterThan(0);
  },
);

test.each(silent.map(([rule, what, rest]) => [name(rule), what, { rule, rest }] as const))(
  '%s() is silent at: %s',
  (_name, _what, { rule, rest }) => {
    expect(rule(evidence(rest))).toBeUndefined();
  },
);

test('every rule is shown and silent somewhere, and silent where nothing is known', () => {
  const rules = new Set(shown.map(([rule]) => rule));
  expect(new Set(silent.map(([rule]) => rule))).toEqual(rules);
  for (const rule of rules) expect([name(rule), rule(evidence())]).toEqual([name(rule), undefined]);
});

test.each([
  ['DRAMATIQ_TESTING', '1', true],
  ['TESTING', 'true', true],
  ['OPS_TEST_MODE', 'yes', true],
  ['CELERY_TASK_ALWAYS_EAGER', 'True', true],
  ['PYTEST_CURRENT_TEST', 'a.py::b', true],
  ['NODE_ENV', 'test', true],
  ['APP_ENVIRONMENT', 'testing', true],
  ['DRAMATIQ_TESTING', '0', false],
  ['TESTING', '', false],
  ['NODE_ENV', 'production', false],
  ['CONTESTING', '1', false],
  ['TEST_QUEUE', 'ops', false],
])('testOnlyVariables() judges %s=%s', (variableName, value, isOne) => {
  const found = testOnlyVariables(evidence({ variables: [variable(variableName, value)] }));
  expect(found).toHaveLength(isOne ? 1 : 0);
});

function holders(pids: Readonly<Record<number, number>>): Evidence['search'] {
  return {
    listenersOn: port => (pids[port] === undefined ? [] : [{ pid: pids[port], command: 'holder' }]),
    pythonModule: () => ({ interpreters: [], sourceFolders: [] }),
  };
}
