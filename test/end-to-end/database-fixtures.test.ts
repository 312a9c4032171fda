import { configFile, fixtures, opsWorker } from './harness/config-file.ts';
import { withProject } from './harness/project.ts';

jest.setTimeout(90_000);

const head = `${fixtures}
const database = postgres();
const insert = (...ids) => database.query('INSERT INTO ' + TASK_TABLE + ' (id) SELECT * FROM unnest($1::text[])', [ids]);
const submit = async (id, provider) => {
  await insert(id);
  await rabbitmq().publish(TASK_QUEUE, { id, provider });
};
const untilDone = id => database.waitForRow("SELECT status FROM " + TASK_TABLE + " WHERE id = $1 AND status IN ('COMPLETED', 'FAILED')", [id]);
`;

async function expectGreen(test: string): Promise<void> {
  await withProject({ 'jest.config.js': configFile(opsWorker), 'a.test.js': head + test }, async project => {
    const { code, output } = await project.run();
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    expect(output).not.toContain('did not exit');
  });
}

test('what a worker notifies of is waited for', () =>
  expectGreen(`
    const channel = 'Done "' + TASK_TABLE;
    beforeAll(() => database.query(\`
      CREATE FUNCTION notify_\${TASK_TABLE}() RETURNS trigger AS $$ BEGIN
        PERFORM pg_notify('\${channel}', json_build_object('id', NEW.id, 'status', NEW.status)::text); RETURN NULL;
      END $$ LANGUAGE plpgsql;
      CREATE TRIGGER done AFTER UPDATE ON \${TASK_TABLE} FOR EACH ROW EXECUTE FUNCTION notify_\${TASK_TABLE}()\`));
    afterAll(() => database.query('DROP FUNCTION notify_' + TASK_TABLE + ' CASCADE'));
    let late;
    test('begun before what makes it notify', async () => {
      const done = await database.listen(channel);
      await submit('a', 'known');
      const one = await done.next(({ content }) => content.status === 'COMPLETED');
      expect(one).toStrictEqual({ channel, payload: expect.stringContaining('"a"'), pid: expect.any(Number), content: { id: 'a', status: 'COMPLETED' } });
      expect((await done.arrived()).map(({ content }) => content.status)).toEqual(['RUNNING']);
      await done.stop();
      expect(await caught(done.next())).toMatchObject({ code: 'WAIT_TIMEOUT', message: expect.stringContaining('its listener has stopped') });
      await database.query("SELECT pg_notify('plain', 'text')");
      late = await database.listen('plain');
      await database.query("NOTIFY plain, 'text'");
      expect(await late.next()).toMatchObject({ content: 'text', payload: 'text' });
    });
    test('ends with its test', async () => {
      expect(await caught(late.next())).toMatchObject({ code: 'WAIT_TIMEOUT', message: expect.stringContaining('comes any more') });
    });
    test('says what came instead', async () => {
      const done = await database.listen(channel);
      await submit('b', 'known');
      await untilDone('b');
      const error = await caught(done.next(({ content }) => content.id === 'c', { timeoutMs: 50 }));
      expect(error.code).toBe('WAIT_TIMEOUT');
      expect(error.message).toMatch(/^No notification of channel ".*" that matches came within \\d+ ms\\n2 notifications came instead:\\n {2}\\{"id" : "b", "status" : "RUNNING"\\}\\n {2}\\{"id" : "b", "status" : "COMPLETED"\\}$/);
      expect(error.stack).toContain('a.test.js');
      const other = await database.listen('Camel');
      expect((await caught(other.next(undefined, { timeoutMs: 20 }))).message).toContain('NOTIFY without quotes around the name folds it to lower case: "camel"');
    });
    test('bad arguments', async () => {
      expect((await caught(database.listen(''))).message).toBe('listen(): channel is "", wanted a text of up to 63 bytes');
      expect(await caught(database.listen('x'.repeat(64)))).toMatchObject({ code: 'ARGUMENT_INVALID' });
      expect(await caught((await database.listen('x')).next('y'))).toMatchObject({ code: 'ARGUMENT_INVALID', message: expect.stringContaining('next(): match is "y", wanted a function') });
    });`));

test('a transaction is committed when its work resolves, and rolled back when it does not', () =>
  expectGreen(`
    const ids = async () => (await database.query('SELECT id FROM ' + TASK_TABLE + ' ORDER BY id')).rows.map(({ id }) => id);
    const add = (transaction, id) => transaction.query('INSERT INTO ' + TASK_TABLE + ' (id) VALUES ($1)', [id]);
    beforeEach(() => database.query('DELETE FROM ' + TASK_TABLE));
    test('committed, seen by others only then', async () => {
      const value = await database.transaction(async transaction => {
        await add(transaction, 'a');
        await add(transaction, 'b');
        expect(await ids()).toEqual([]);
        return 'value';
      });
      expect(value).toBe('value');
      expect(await ids()).toEqual(['a', 'b']);
    });
    test('thrown', async () => {
      const mine = new Error('mine');
      expect(await caught(database.transaction(async transaction => { await add(transaction, 'a'); throw mine; }))).toBe(mine);
      const twice = await caught(database.transaction(async transaction => { await add(transaction, 'a'); await add(transaction, 'a'); }));
      expect(twice).toMatchObject({ code: 'QUERY_FAILED', details: { sqlState: '23505' } });
      expect(twice.stack).toContain('a.test.js');
      expect(await ids()).toEqual([]);
    });
    test('a failure that was caught', async () => {
      const error = await caught(database.transaction(async transaction => { await add(transaction, 'a'); await add(transaction, 'a').catch(() => {}); }));
      expect(error).toMatchObject({ code: 'QUERY_FAILED', details: { sqlState: '25P02' } });
      expect(error.message).toMatch(/^Cannot commit the transaction: it is rolled back, because a query in it failed and the error was caught\\nPostgres refused the query: .*duplicate key/);
      expect(await ids()).toEqual([]);
    });
    test('used after its end', async () => {
      let left;
      await database.transaction(transaction => { left = transaction; });
      expect((await caught(add(left, 'a'))).message).toContain('Cannot query in the transaction: it is over');
      expect((await caught(database.transaction('SELECT 1'))).message).toBe('transaction(): work is "SELECT 1", wanted a function');
    });
    test('locks are gone when it is rolled back', async () => {
      await insert('a');
      await caught(database.transaction(async transaction => { await transaction.query('LOCK TABLE ' + TASK_TABLE); throw new Error(); }));
      await submit('b', 'known');
      expect(await untilDone('b')).toEqual({ status: 'COMPLETED' });
    });`));

test('rows are the same, or named where they are not', () =>
  expectGreen(`
    test('before and after', async () => {
      await insert('a', 'b', 'c');
      const before = await database.copyTable(TASK_TABLE);
      expect(before.rows.map(({ id, status }) => [id, status])).toEqual([['a', 'PENDING'], ['b', 'PENDING'], ['c', 'PENDING']]);
      await database.sameRows(before);
      await rabbitmq().publish(TASK_QUEUE, { id: 'b', provider: 'acme' });
      await untilDone('b');
      await database.query('DELETE FROM ' + TASK_TABLE + " WHERE id = 'c'");
      await insert('d');
      const error = await caught(database.sameRows(before));
      expect(error).toMatchObject({ code: 'ROWS_DIFFER', details: { table: TASK_TABLE, changed: 1, added: 1, gone: 1 } });
      expect(error.message).toMatch(new RegExp('^Table "' + TASK_TABLE + '" has not the rows it had: 1 changed, 1 new, 1 gone\\nchanged: id "b": status "PENDING" → "FAILED", error null → "unknown provider: acme"'));
      expect(error.message).toMatch(/\\nnew: {5}id "d", status "PENDING".*\\ngone: {4}id "c", status "PENDING"/);
      expect(error.stack).toContain('a.test.js');
      await database.sameRows(await database.copyTable(TASK_TABLE));
      await database.sameRows(before, before);
    });
    test('a part of them, and some columns', async () => {
      const some = await database.copyTable(TASK_TABLE, { where: 'id = $1', values: ['a'] });
      const loose = await database.copyTable(TASK_TABLE, { ignore: ['status', 'error', 'history'] });
      await rabbitmq().publish(TASK_QUEUE, { id: 'd', provider: 'known' });
      await untilDone('d');
      await database.sameRows(some);
      await database.sameRows(loose);
    });
    test('without a primary key, and what JavaScript rounds', async () => {
      const table = TASK_TABLE + '_plain';
      await database.query('CREATE TABLE ' + table + ' (at timestamptz, number bigint, "Odd name" jsonb)');
      try {
        await database.query('INSERT INTO ' + table + " SELECT '2026-01-01 00:00:00.000001Z', 9007199254740993, '{\\"a\\": 1}' FROM generate_series(1, 2)");
        const before = await database.copyTable(table);
        expect(before.rows[0]).toMatchObject({ at: expect.any(Date), 'Odd name': { a: 1 } });
        await database.query('UPDATE ' + table + " SET at = at + interval '1 microsecond' WHERE ctid = (SELECT min(ctid) FROM " + table + ')');
        expect((await caught(database.sameRows(before))).message).toMatch(/1 new, 1 gone\\nnew: {5}at ".*000002.*\\ngone: {4}at ".*000001.*"9007199254740993"/);
      } finally {
        await database.query('DROP TABLE ' + table);
      }
    });
    test('bad arguments', async () => {
      const message = async promise => (await caught(promise)).message;
      expect(await message(database.copyTable(TASK_TABLE.toUpperCase() + 'S'))).toMatch(/^Cannot copy table "TASK_.*": there is none of that name/);
      expect(await message(database.copyTable(5))).toBe('copyTable(): table is 5, wanted the name of a table, as SQL has it');
      expect(await message(database.copyTable(TASK_TABLE, { ignore: ['nope'] }))).toMatch(/^copyTable\\(\\): ignore is "nope", wanted a column of the table: id, status/);
      expect(await message(database.copyTable(TASK_TABLE, { ignore: ['id'] }))).toContain('wanted a column that is not in the primary key');
      expect(await message(database.sameRows({}))).toBe('sameRows(): copy is undefined, wanted what copyTable() resolved with');
      expect(await caught(database.copyTable(TASK_TABLE, { where: 'nope' }))).toMatchObject({ code: 'QUERY_FAILED', details: { sqlState: '42703' } });
    });`));

test('a transaction and a listener that never end fail before their test does, and Jest ends', async () =>
  withProject(
    {
      'jest.config.js': configFile(opsWorker),
      'a.test.js': `${head}
      test('stuck work', () => database.transaction(async transaction => {
        await transaction.query('LOCK TABLE ' + TASK_TABLE);
        await new Promise(() => {});
      }), 900);
      test('its lock is gone', () => insert('a'));
      test('stuck query', () => database.transaction(transaction => transaction.query('SELECT pg_sleep(60)')), 900);
      test('no notification', async () => { await (await database.listen('quiet')).next(); }, 900);
      test('left behind', () => { void database.transaction(() => new Promise(() => {})).catch(() => {}); void database.listen('left').then(one => one.next()).catch(() => {}); });`,
    },
    async project => {
      const { code, output, results } = await project.run();
      const [work = '', lock = '', query = '', none = '', left = ''] =
        results?.testResults[0]?.assertionResults.map(({ failureMessages }) => failureMessages.join()) ?? [];
      expect(code).toBe(1);
      expect(work).toMatch(
        /WAIT_TIMEOUT\]: The work of the transaction did not end within \d{3} ms: it is rolled back\n/,
      );
      expect(query).toMatch(/WAIT_TIMEOUT\]: The query has no answer after \d{3} ms\n/);
      expect(none).toMatch(/No notification of channel "quiet" came within \d{3} ms\n/);
      expect([lock, left]).toEqual(['', '']);
      expect(output).not.toContain('Exceeded timeout');
      expect(output).not.toContain('did not exit');
    },
  ));
