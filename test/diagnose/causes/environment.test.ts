import { missingVariable, testOnlyVariables } from '../../../src/diagnose/causes/environment.ts';
import { evidence, stderr, variable } from '../crafted-evidence.ts';
import { testRules } from './test-rules.ts';

testRules({
  shown: [
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
  ],
  silent: [
    [missingVariable, 'a key of another dict', stderr('  File "/app/prices.py", line 3', "KeyError: 'USD'")],
    [
      missingVariable,
      'a variable that it has',
      {
        ...stderr('  File "/usr/lib/python3.9/os.py", line 679, in __getitem__', "KeyError: 'HOME'"),
        variables: [variable('HOME', '/root')],
      },
    ],
  ],
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
