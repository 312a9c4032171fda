import {
  pythonFileMissing,
  pythonImportFailed,
  pythonModuleMissing,
  pythonNameMissing,
} from '../../../src/diagnose/causes/python-modules.ts';
import type { Evidence } from '../../../src/diagnose/evidence.ts';
import { search as searching, stderr, variable } from '../crafted-evidence.ts';
import { testRules } from './test-rules.ts';

/** The project has app.py, which defines `application` and `broker`. */
const search: Evidence['search'] = searching({
  pythonModule: module => ({
    interpreters: [],
    sourceFolders: module === 'app' ? ['/app/services/ops'] : [],
    nearest: module === 'ap' ? { module: 'app', path: '/app/services/ops/app.py' } : undefined,
    names: module === 'app' ? ['application', 'broker'] : [],
  }),
  nearestFile: path => (path === '/app/services/ops/ap.py' ? '/app/services/ops/app.py' : undefined),
});
const asked = (...command: readonly string[]) => ({ command, search });

testRules({
  shown: [
    ...[
      ['celery -A', 'The module ap was not found.', ['celery', '-A', 'ap', 'worker']],
      ['celery --app=', 'The module ap was not found.', ['celery', '--app=ap', 'worker']],
      ['python -m', '/usr/bin/python: No module named ap', ['python', '-m', 'ap']],
      ['dramatiq', "ModuleNotFoundError: No module named 'ap'", ['dramatiq', 'ap:broker']],
      ['gunicorn', "ModuleNotFoundError: No module named 'ap'", ['gunicorn', 'ap:application']],
      [
        'uvicorn',
        'ERROR:    Error loading ASGI app. Could not import module "ap".',
        ['uvicorn', 'ap:application'],
      ],
      [
        'a script',
        "ModuleNotFoundError: No module named 'ap'",
        ['sh', '-c', 'exec celery -A ap.tasks worker'],
      ],
    ].map(
      ([what, line, command]) =>
        [
          pythonModuleMissing,
          `a module of the project misspelt in ${what}`,
          { ...stderr(line as string), ...asked(...(command as string[])) },
          [
            /^Python has no module "ap".*\nThe project has services\/ops\/app\.py: did you mean "app"\?$/,
            'write app instead of ap in command',
          ],
        ] as const,
    ),
    [
      pythonModuleMissing,
      'a name behind a dot that is no module',
      { ...stderr('The module app.brokr was not found.'), ...asked('celery', '-A', 'app.brokr') },
      ['module "app" has no "brokr"; did you mean "broker"?'],
    ],
    [
      pythonModuleMissing,
      'a module of the project misspelt where it is imported',
      { ...stderr("ModuleNotFoundError: No module named 'ap'"), ...asked('python', 'worker.py') },
      ['did you mean "app"?', 'write app instead of ap where it is imported', 'or install "ap"'],
    ],
    ...[
      ['celery', 'The module app:brokr was not found.'],
      ['uvicorn', 'ERROR:    Error loading ASGI app. Attribute "brokr" not found in module "app".'],
      ['gunicorn', "Failed to find attribute 'brokr' in 'app'."],
      ['Python', "AttributeError: module 'app' has no attribute 'brokr'"],
    ].map(
      ([what, line]) =>
        [
          pythonNameMissing,
          `a name misspelt for ${what}`,
          { ...stderr(line ?? ''), ...asked('x', 'app:brokr') },
          ['module "app" has no "brokr"; did you mean "broker"?', 'correct brokr where it is asked for'],
        ] as const,
    ),
    [
      pythonNameMissing,
      'a name unlike any other',
      { ...stderr('The module app:x was not found.'), ...asked('celery', '-A', 'app:x') },
      ['module "app" has no "x"; it defines application, broker'],
    ],
    [
      pythonNameMissing,
      'a module misspelt before a name',
      { ...stderr('The module ap:broker was not found.'), ...asked('celery', '-A', 'ap:broker') },
      ['did you mean "app"?', 'write app instead of ap in command'],
    ],
    [
      pythonFileMissing,
      'a script misspelt',
      {
        ...stderr("python: can't open file '/app/services/ops/ap.py': [Errno 2] No such file or directory"),
        ...asked('python', 'ap.py'),
      },
      ['there is no file "/app/services/ops/ap.py"; did you mean "app.py"?', 'write "app.py" in command'],
    ],
    [
      pythonFileMissing,
      'a script unlike any other',
      stderr("python: can't open file 'x.py': [Errno 2] No such file or directory"),
      ['there is no file "x.py"', 'relative words are resolved from /app/services/ops'],
    ],
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
        search: searching({
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
        search: searching({
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
    [pythonNameMissing, 'a module that is missing', stderr('The module ap was not found.')],
    [
      pythonFileMissing,
      'a file that may not be read',
      stderr("can't open file 'x.py': [Errno 13] Permission denied"),
    ],
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
