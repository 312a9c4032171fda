import { spawnSync } from 'node:child_process';
import { configFile } from './harness/config-file.ts';
import { processesOf, untilGone, watchdogsOf, withProject } from './harness/project.ts';

jest.setTimeout(120_000);

/** Limits of processes do not hold for root, so root is needed to become a user who has none yet. */
const asRoot = process.getuid?.() === 0 ? test : test.skip;
const uid = '4243';

asRoot('a watchdog for whose threads there is no room does not outlive Jest', async () =>
  withProject(
    {
      'jest.config.js': configFile(`ops: { command: ['sleep', '60'], ready: [] },`),
      'a.test.js': `test('passes', () => {});`,
    },
    async project => {
      spawnSync('chown', ['-R', `${uid}:${uid}`, project.folder]);
      const env = { HOME: project.folder, TMPDIR: project.folder };
      for (let limit = 12; limit <= 20; limit += 1) {
        const user = ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
        await project.run({ through: [...user, 'prlimit', `--nproc=${limit}`], env });
        await untilGone(() => watchdogsOf(project), 5_000);
        expect(processesOf(project.id)).toEqual([]);
      }
    },
  ),
);
