import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { configFile, fixtures } from './harness/config-file.ts';
import { type Project, withProject } from './harness/project.ts';

jest.setTimeout(90_000);

/** A disk of 1 MiB for .live-worker, which only Jest and what it starts can see, and which is gone with them. */
const ownNamespace = ['unshare', '-Urm', '/bin/sh', '-c'];
const mount = 'mount -t tmpfs -o size=1m none .live-worker';
const through = (script = '') => [...ownNamespace, `${mount} && { ${script} exec "$@"; }`, 'sh'];
const canMount =
  spawnSync(ownNamespace[0] ?? '', [...ownNamespace.slice(1), 'mount -t tmpfs none /mnt']).status === 0;
const testWithMounts = canMount ? test : test.skip;

const worker = (file: string, env = '') =>
  configFile(`
ops: { command: ['node', W + '/${file}'], env: { ${env} }, ready: [log({ pattern: 'ready' })] },`);

async function run(project: Project, script?: string) {
  mkdirSync(join(project.folder, '.live-worker'));
  const { code, output } = await project.run({ through: through(script) });
  return { code, output: output.replaceAll(project.folder, '<project>') };
}

testWithMounts('FAULT 39: a disk that is full before the launch fails the file by name', async () =>
  withProject(
    { 'jest.config.js': worker('ready-then-sleep.mjs'), 'a.test.js': `test('never runs', () => {});` },
    async project => {
      const { code, output } = await run(
        project,
        'head -c 2000000 /dev/zero > .live-worker/fill 2> /dev/null;',
      );
      expect(code).toBe(1);
      expect(output).toContain(
        'LiveWorkerError [RECORDS_UNWRITABLE]: Cannot write "<project>/.live-worker": no space is left on its disk (ENOSPC)',
      );
      expect(output).toMatch(/Free space on the disk of <project>/);
      expect(output).not.toContain('never runs');
    },
  ),
);

testWithMounts(
  'FAULT 39: a worker that fills the disk dies of it, which is named, and Jest goes on',
  async () =>
    withProject(
      {
        'jest.config.js': worker('flood.mjs', `WHEN: 'begin', MEBIBYTES: '2'`),
        'a.test.js': `${fixtures}
      test('before', () => {});
      test('fills', async () => { require('node:fs').writeFileSync('begin', ''); await new Promise(() => {}); }, 50_000);`,
      },
      async project => {
        const { code, output } = await run(project);
        expect(code).toBe(1);
        expect(output).toMatch(/Worker "ops" exited with code \d+ during the test "fills"/);
        expect(output).toMatch(
          /cause: {2}the disk of <project>\S+ is full: what was written last is missing/,
        );
        expect(output).toContain('✓ before');
      },
    ),
);

testWithMounts('FAULT 39: a test that passes does so without a timeline, which is told once', async () =>
  withProject(
    {
      'jest.config.js': worker('ready-then-sleep.mjs'),
      'a.test.js': `
      const { writeFileSync } = require('node:fs');
      test('fills', () => {
        expect(() => writeFileSync('.live-worker/fill', Buffer.alloc(2_000_000))).toThrow('ENOSPC');
      });
      // The last page of events.ndjson still has room for some.
      test.each(Array.from({ length: 60 }, (_, index) => index))('goes on %i', () => {});`,
    },
    async project => {
      const { code, output } = await run(project);
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      expect(output.match(/live-worker: cannot write <project>\S+events.ndjson: ENOSPC/g)).toHaveLength(1);
    },
  ),
);
