import { pythonImportFailed, pythonModuleMissing } from '../../../src/diagnose/causes/python-modules.ts';
import { search, stderr, variable } from '../crafted-evidence.ts';
import { testRules } from './test-rules.ts';

testRules({
  shown: [
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
        search: search({
          pythonModule: () => ({ interpreters: [], sourceFolders: ['/app/services/ops/src'] }),
        }),
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
        search: search({
          pythonModule: () => ({
            interpreters: ['/app/.venv/bin/python', '/app/services/ops/venv/bin/python'],
            sourceFolders: [],
          }),
        }),
      },
      [/has it: \/app\/services\/ops\/venv\/bin\/python$/m, 'command: ["venv/bin/python", ...]'],
    ],
    [
      pythonImportFailed,
      'a name that is not in the module',
      stderr("ImportError: cannot import name 'Broker' from 'dramatiq' (/lib/dramatiq/__init__.py)"),
      [
        "Python could not import: cannot import name 'Broker' from 'dramatiq'",
        'compare the installed version',
      ],
    ],
  ],
  silent: [
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
  ],
});
