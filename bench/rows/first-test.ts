import { once } from 'node:events';
import { type Contender, contenders } from '../contenders.ts';
import { withProject } from '../project.ts';
import type { Row } from '../row.ts';
import { measureInTurn } from '../row.ts';

const tests = { 'a.test.js': `test('begins', () => stamp('first-test'));` };

/** No runner at all: the worker says so itself. */
const floor: Contender = {
  name: 'floor: spawn and its own line',
  runner: 'none',
  files: () => ({}),
  command: () => [],
};

export const firstTest: Row = {
  name: 'first-test',
  what: 'worker consuming → first test runs',
  unit: 'ms',
  measure: ({ rounds }) =>
    measureInTurn([...contenders, floor], rounds, contender =>
      contender === floor ? readLine() : runOnce(contender),
    ),
};

function runOnce(contender: Contender): Promise<number> {
  return withProject(contender, { tests }, async project => {
    const { code } = await project.start().ended;
    if (!project.hasStamp('first-test')) throw new Error(`${contender.name}: no test ran, code ${code}`);
    return project.stampedAt('first-test') - project.stampedAt('consuming');
  });
}

function readLine(): Promise<number> {
  const contender: Contender = {
    ...floor,
    command: ({ worker, ports, queue }) => [
      'env',
      `PORT=${ports[0]}`,
      `QUEUE=${queue}`,
      ...worker.split(' '),
    ],
  };
  return withProject(contender, { tests: {} }, async project => {
    const { child, ended } = project.start();
    await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
    const heardAt = performance.timeOrigin + performance.now();
    child.kill('SIGTERM');
    await ended;
    return heardAt - project.stampedAt('consuming');
  });
}
