import { setTimeout as sleep } from 'node:timers/promises';
import { type Contender, contenders } from '../contenders.ts';
import { type Project, withProject } from '../project.ts';
import { inTurn, type Row } from '../row.ts';

/** Who is alive then is alive for as long as it likes. */
const goneLimitMs = 1_500;
const mostRounds = 5;
const tests = {
  'a.test.js': `test('goes on', async () => { stamp('first-test'); await new Promise(() => {}); });`,
};

export const killedPolite = killedRow('killed', 'a worker', '');
export const killedDaemon = killedRow('killed-daemon', 'a worker with a daemon', 'daemon');
export const killedDeaf = killedRow('killed-deaf', 'a worker deaf to SIGTERM', 'deaf');

/** The command is killed, as a CI's time limit or the kernel's lack of memory would. */
function killedRow(name: string, who: string, role: string): Row {
  return {
    name,
    what: `the command is SIGKILLed → the last process of ${who} is gone`,
    unit: 'ms',
    async measure({ rounds, isQuick }) {
      const limitMs = isQuick ? 800 : goneLimitMs;
      const ends = await inTurn(contenders, Math.min(rounds, mostRounds), contender =>
        killOnce(contender, role, limitMs),
      );
      return [...ends].map(([contender, runs]) => {
        const left = Math.max(...runs.map(run => run.left));
        const gone = runs.filter(run => run.left === 0).map(({ ms }) => ms);
        return { contender, values: gone, note: left === 0 ? 'none left' : `${left} left` };
      });
    },
  };
}

function killOnce(contender: Contender, role: string, limitMs: number) {
  return withProject(contender, { role, tests }, async project => {
    const { child, ended } = project.start();
    await project.untilStamped('first-test');
    await untilDaemonLives(project, role);
    child.kill('SIGKILL');
    const killedAt = performance.now();
    while (project.living().length > 0 && performance.now() - killedAt < limitMs) await sleep(2);
    const ms = performance.now() - killedAt;
    await ended;
    return { ms, left: project.living().length };
  });
}

async function untilDaemonLives(project: Project, role: string): Promise<void> {
  for (let tries = 0; role === 'daemon' && project.living().length < 2 && tries < 500; tries += 1)
    await sleep(10);
}
