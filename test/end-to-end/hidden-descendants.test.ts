import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { configFile, fixtures } from './harness/config-file.ts';
import { cacheFolderOf } from './harness/folders.ts';
import { type Project, processesOf, untilGone, watchdogsOf, withProject } from './harness/project.ts';

jest.setTimeout(60_000);

const uid = '4242';
const isRoot = process.getuid?.() === 0;
/** Root may look into every process, so there Jest runs as somebody else. */
const through = isRoot ? ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'] : [];

const workers = `
ops: { command: ['/usr/bin/python3', W + '/hidden-daemon.py'], ready: [log({ pattern: 'daemon' })] },
child: { command: ['sh', '-c', 'setsid /usr/bin/python3 "$0" & echo up; wait', W + '/not-dumpable.py'], ready: [log({ pattern: 'ready' })] },`;

const holds = `${fixtures}
test('holds', async () => {
  process.stderr.write('HOLDING ' + process.pid + '\\n');
  if (process.env.HOLD) await new Promise(resolve => setTimeout(resolve, 40_000));
}, 50_000);`;

async function withForeignProject(work: (project: Project) => Promise<void>): Promise<void> {
  await withProject({ 'jest.config.js': configFile(workers), 'a.test.js': holds }, async project => {
    const cache = cacheFolderOf(project.folder);
    mkdirSync(cache, { recursive: true });
    if (isRoot) spawnSync('chown', ['-R', `${uid}:${uid}`, project.folder, cache]);
    await work(project);
  });
}

const environment = (project: Project) => ({ HOME: project.folder, TMPDIR: project.folder });

test('FAULT 61: a daemon that may not be looked into ends with its worker', async () =>
  withForeignProject(async project => {
    const { code, output } = await project.run({ through, env: environment(project) });
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    expect(processesOf(project.id)).toEqual([]);
  }));

test('FAULT 61: and with Jest, when that is killed', async () =>
  withForeignProject(async project => {
    const started = project.start({ through, env: { ...environment(project), HOLD: '1' } });
    const held = /HOLDING (\d+)/.exec(await started.untilOutput(/HOLDING \d+\n/));
    expect(processesOf(project.id).filter(line => line.includes('hidden-daemon'))).toHaveLength(2);
    process.kill(Number(held?.[1]), 'SIGKILL');
    await untilGone(() => processesOf(project.id), 5_000);
    await started.ended;
  }));

test('FAULT 61: the next run ends one that is all that is left, when the watchdog was killed too', async () =>
  withForeignProject(async project => {
    const started = project.start({ through, env: { ...environment(project), HOLD: '1' } });
    const held = /HOLDING (\d+)/.exec(await started.untilOutput(/HOLDING \d+\n/));
    const daemon = /daemon (\d+)/.exec(project.record('a.test.js', 'ops.stdout.log'))?.[1] ?? '';
    const isDaemon = (line: string) => line.startsWith(`${daemon} `);
    process.kill(Number(held?.[1]), 'SIGSTOP');
    for (const line of watchdogsOf(project)) process.kill(Number.parseInt(line, 10), 'SIGKILL');
    process.kill(Number(held?.[1]), 'SIGKILL');
    await started.ended;
    for (const line of processesOf(project.id))
      if (!isDaemon(line)) process.kill(Number.parseInt(line, 10), 'SIGKILL');
    await untilGone(() => processesOf(project.id).filter(line => !isDaemon(line)), 5_000);
    expect(processesOf(project.id)).toHaveLength(1);

    const { output } = await project.run({ through, env: environment(project) });
    expect(output).toContain(`ended what an earlier run had left of worker "ops": pid ${daemon}\n`);
  }));
