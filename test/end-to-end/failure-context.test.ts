import { configFile, fixtures, opsWorker } from './harness/config-file.ts';
import { type Project, withProject } from './harness/project.ts';

jest.setTimeout(90_000);

const scripted = `ops: { command: ['node', W + '/scripted.mjs'], env: { TASK_QUEUE, API_TOKEN: 'hunter2-hunter2' },
  ready: [rabbitmq({ queues: [TASK_QUEUE] })] },`;
const say = `
const say = async (lines, rest = {}) => {
  await rabbitmq().publish(TASK_QUEUE, { lines, ...rest });
  if (lines.length > 0) await liveWorker('ops').logs.waitFor(lines.at(-1));
};`;

/** What Jest prints under the title of a test. */
async function printed(
  body: string,
  look: (sections: Readonly<Record<string, string>>, project: Project, output: string) => void,
  worker = scripted,
): Promise<void> {
  await withProject(
    { 'jest.config.js': configFile(worker), 'a.test.js': `${fixtures}${say}${body}` },
    async project => {
      const { results, output } = await project.run();
      const sections = (results?.testResults[0]?.message ?? '').split(/^ {2}● /m).slice(1);
      const named = sections.map(section => [section.split('\n', 1)[0]?.trim() ?? '', section]);
      look(Object.fromEntries(named) as Record<string, string>, project, output);
    },
  );
}

/** The first of the texts that do not come in this order. */
function outOfOrder(section: string | undefined, texts: readonly string[]): string | undefined {
  let at = 0;
  return texts.find(text => {
    const found = (section ?? '').indexOf(text, at);
    at = found;
    return found < 0;
  });
}

test('D16: a test whose message is stuck shows the queue and the worker’s lines during the test', async () =>
  printed(
    `test('before', () => say(['of the test before']));
    test('is stuck', async () => {
      await say(['message received', 'token hunter2-hunter2 sent'], { stuck: true });
      await new Promise(() => {});
    }, 2_000);
    test('waits in vain', async () => {
      await say(Array.from({ length: 25 }, (_, index) => 'line ' + (index + 1)));
      await eventually(() => expect('RUNNING').toBe('COMPLETED'), { timeoutMs: 100 });
    });`,
    (sections, { queue, folder }) => {
      const stuck = sections['is stuck'];
      expect(
        outOfOrder(stuck, [
          'thrown: "Exceeded timeout of 2000 ms for a test.',
          'worker "ops": ready, pid ',
          'stderr meanwhile:',
          '| message received',
          '| token *** sent',
          'stdout meanwhile: nothing',
          `logs: ${folder}`,
          `queue "${queue}": 0 messages waiting, 1 consumer`,
          "test('is stuck'",
        ]),
      ).toBeUndefined();
      expect(stuck).not.toContain('| of the test before');
      expect(stuck?.match(/worker "ops"/g)).toHaveLength(1);
      const waits = sections['waits in vain'];
      expect(
        outOfOrder(waits, [
          'eventually: still failing after',
          'Expected: "COMPLETED"',
          'worker "ops": ready',
          'stderr meanwhile, the last 20 of 25 lines:',
          '| line 6',
          '| line 25',
          'queue ',
          "await eventually(() => expect('RUNNING')",
        ]),
      ).toBeUndefined();
      expect(waits).not.toContain('| line 5\n');
    },
  ));

test('D26: a row committed after its message is sent shows as the worker’s line under the assertion', async () =>
  printed(
    `test('the task is done', async () => {
      await rabbitmq().publish(TASK_QUEUE, { id: 'late', provider: 'known' });
      await liveWorker('ops').logs.waitFor('task not found');
      await postgres().query('INSERT INTO ' + TASK_TABLE + " (id) VALUES ('late')");
      const { rows } = await postgres().query('SELECT status FROM ' + TASK_TABLE + " WHERE id = 'late'");
      expect(rows[0].status).toBe('COMPLETED');
    });`,
    sections => {
      expect(
        outOfOrder(sections['the task is done'], [
          'Expected: "COMPLETED"',
          'Received: "PENDING"',
          '| task not found: late',
          "expect(rows[0].status).toBe('COMPLETED')",
        ]),
      ).toBeUndefined();
    },
    opsWorker,
  ));

test('every kind of failure carries its scene once, a passing test none', async () =>
  printed(
    `test('passes', () => say(['nobody reads this']));
    describe('block', () => {
      beforeAll(async () => { await say(['in beforeAll']); throw new Error('broken'); });
      test('one', () => {});
      test('two', () => {});
    });
    describe('late', () => {
      beforeAll(() => new Promise(() => {}), 100);
      test('three', () => {});
      test('four', () => {});
    });
    describe('each', () => {
      afterEach(() => { throw new Error('broken too'); });
      test.each([1, 2])('row %s', async row => { await say(['in row ' + row]); expect(row).toBe(0); });
    });
    test('throws a text', () => { throw 'a "text"'; });
    test('throws no error', () => { throw { a: 1 }; });
    test('asserts', () => require('node:assert').strictEqual(1, 2));
    test('callback', done => { done(new Error('from done')); });
    describe('the end', () => {
      afterAll(async () => { await say(['in afterAll']); throw new Error('at last'); });
      test('five', () => {});
    });`,
    (sections, _project, output) => {
      const count = (name: string) => sections[name]?.match(/worker "ops": ready/g)?.length;
      for (const name of [
        'block › one',
        'block › two',
        'late › three',
        'late › four',
        'throws a text',
        'throws no error',
        'asserts',
        'callback',
        'Test suite failed to run',
      ])
        expect({ name, count: count(name) }).toEqual({ name, count: 1 });
      expect(sections['block › two']).toContain('| in beforeAll');
      expect(sections['late › four']).toContain('thrown: "Exceeded timeout of 100 ms for a hook.');
      expect(sections['throws a text']).toContain('thrown: "a \\"text\\""');
      expect(sections['Test suite failed to run']).toContain('| in afterAll');
      expect(output).toContain('| in row 2');
      expect(output).not.toContain('| nobody reads this');
    },
  ));

test('a test that is tried again shows the lines of the last try', async () =>
  printed(
    `jest.retryTimes(1);
    let tries = 0;
    test('fails twice', async () => { tries += 1; await say(['try ' + tries]); expect(tries).toBe(0); });`,
    sections => {
      expect(sections['fails twice']).toContain('| try 2');
      expect(sections['fails twice']).not.toContain('| try 1');
    },
  ));
