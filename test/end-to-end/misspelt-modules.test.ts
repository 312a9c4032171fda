import { failuresOf } from './harness/failure-of.ts';

jest.setTimeout(120_000);

test('a module of the project that was misspelt is named before anything is to be installed', async () => {
  const py = `process.env.LIVE_WORKER_TEST_VENV + '/bin/python'`;
  const failures = await failuresOf(
    {
      celery: `command: [${py}, '-m', 'celery', '-A', 'ap', 'worker'], startTimeoutMs: 20_000`,
      attribute: `command: [${py}, '-m', 'celery', '-A', 'app:brokr', 'worker'], startTimeoutMs: 20_000`,
      module: `command: [${py}, '-m', 'tasks.mial']`,
      script: `command: [${py}, 'ap.py']`,
      node: `command: ['node', 'main.js']`,
      nodeScript: `command: ['node', 'man.js']`,
    },
    {
      'app.py': `from celery import Celery\napp = Celery('app', broker='memory://')\nbroker = 1`,
      'tasks/__init__.py': '',
      'tasks/mail.py': '',
      'main.js': `require('./handlrs');`,
      'handlers.js': '',
    },
  );
  const expected: Readonly<Record<string, readonly string[]>> = {
    celery: [
      'Python has no module "ap"',
      'The project has app.py: did you mean "app"?',
      'change: write app instead of ap in command\n',
    ],
    attribute: ['cause:  module "app" has no "brokr"; did you mean "broker"?'],
    module: [
      'The project has tasks/mail.py: did you mean "tasks.mail"?',
      'change: write tasks.mail instead of tasks.mial in command\n',
    ],
    script: ['did you mean "app.py"?', 'change: write "app.py" in command'],
    node: [
      'there is no file "./handlrs", which <project>/main.js asks for; did you mean "./handlers.js"?',
      'change: write "./handlers.js" there\n',
    ],
    nodeScript: ['did you mean "main.js"?'],
  };
  for (const [name, parts] of Object.entries(expected)) {
    for (const part of parts) expect(failures[name]?.text ?? name).toContain(part);
    expect(failures[name]?.text).not.toContain('change: install');
  }
});
