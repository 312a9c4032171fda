import {
  nodeModuleFormat,
  nodeModuleMissing,
  unsupportedEngine,
} from '../../../src/diagnose/causes/node-modules.ts';
import { evidence, stderr, variable } from '../crafted-evidence.ts';
import { testRules } from './test-rules.ts';

const nothing = evidence().search;

testRules({
  shown: [
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
      'what Jest has and the worker does not get',
      {
        ...stderr("Error: Cannot find module '@app/queues'"),
        withheld: [
          { name: 'NODE_OPTIONS', why: 'set by Jest or npm', value: '--require tsconfig-paths/register' },
          { name: 'NODE_PATH', why: 'set by Jest or npm', value: '/app/node_modules/.pnpm/node_modules' },
          { name: 'NODE_ENV', why: 'set by Jest or npm' },
        ],
      },
      [
        /^Node found no package "@app\/queues"$/,
        "or, if it is found by what Jest has in NODE_OPTIONS and workers do not get: env: { NODE_OPTIONS: '--require tsconfig-paths/register' }",
      ],
    ],
    [
      nodeModuleFormat,
      'a loader that Jest has, beside what Yarn put there',
      {
        ...stderr('TypeError: Unknown file extension ".ts" for /app/worker.ts'),
        variables: [variable('NODE_OPTIONS', '--require /app/.pnp.cjs')],
        withheld: [{ name: 'NODE_OPTIONS', why: 'set by Jest or npm', value: '--import tsx' }],
      },
      ["env: { NODE_OPTIONS: '${NODE_OPTIONS} --import tsx' }"],
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
      nodeModuleMissing,
      'a file misspelt where it is asked for',
      {
        ...stderr("Error: Cannot find module './ap'", 'Require stack:', '- /app/services/ops/worker.js'),
        search: {
          ...nothing,
          nearestFile: path => (path === '/app/services/ops/ap' ? '/app/services/ops/app.js' : undefined),
        },
      },
      [
        'there is no file "./ap", which /app/services/ops/worker.js asks for; did you mean "./app.js"?',
        'write "./app.js" there',
      ],
    ],
    [
      nodeModuleMissing,
      'a file misspelt in the command',
      {
        ...stderr("Error: Cannot find module '/app/services/ops/wrker.js'"),
        search: { ...nothing, nearestFile: () => '/app/services/ops/worker.js' },
      },
      ['did you mean "worker.js"?', 'relative words of command are resolved from /app/services/ops'],
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
  ],
  silent: [
    [nodeModuleMissing, 'a file of the program', stderr("cannot find module settings in 'a.toml'")],
    [nodeModuleFormat, 'a code alone', stderr("  code: 'ERR_REQUIRE_ESM'")],
    [
      unsupportedEngine,
      'a warning of npm',
      stderr('npm warn EBADENGINE Unsupported engine { package: "x@1" }'),
    ],
    [unsupportedEngine, 'a sentence about Node', stderr('this worker requires Node and 2 queues')],
    [unsupportedEngine, 'a module that is not there', stderr("Error: The module '/app/x.node' is gone")],
  ],
});
