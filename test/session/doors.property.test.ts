import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { explainStartFailure } from '../../src/diagnose/explain-start-failure.ts';
import { LiveWorkerError } from '../../src/errors.ts';
import { toLaunchRecord } from '../../src/launch/launch-record.ts';
import type { LaunchPlan } from '../../src/launch/plan.ts';
import { echoLogs } from '../../src/logs/echo-logs.ts';
import { LogView } from '../../src/logs/log-view.ts';
import { closeLogFiles, openLogFiles } from '../../src/logs/open-log-files.ts';
import { quoteLines } from '../../src/logs/quote-lines.ts';
import { pending } from '../../src/probe/probe.ts';
import { openTimeline } from '../../src/records/timeline.ts';
import { maskError } from '../../src/secrets/mask-error.ts';
import { maskCommandLine } from '../../src/secrets/mask-value.ts';
import { Secrets } from '../../src/secrets/secrets.ts';
import { toJson } from '../../src/text/to-json.ts';
import { maskedProbe } from '../../src/worker/prepare/masked-probe.ts';
import { evidence, exited } from '../diagnose/crafted-evidence.ts';
import { temporaryFolder } from '../process/own-processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'doors-'));
const logs = openLogFiles(folder, 'ops');
afterAll(() => {
  closeLogFiles(logs);
  rmSync(folder, { recursive: true });
});

/** The ways in which a text gives a secret away although nobody has named it. */
const ways: readonly ((secret: string) => string)[] = [
  secret => `docker run -e PGPASSWORD=${secret} image`,
  secret => `Authorization: Bearer ${secret}`,
  secret => `> authorization: Basic ${secret}`,
  secret => `{"headers":{"Authorization":"Bearer ${secret}","Host":"h"}}`,
  secret => `X-Api-Key: ${secret}`,
  secret => `[ 'x-api-key', '${secret}' ]`,
  secret => `Cookie: id=${secret}; theme=dark`,
  secret => `machine h login ops password ${secret}`,
  secret => `mysql -h db -u ops -p${secret} tasks`,
  secret => `redis-cli -h r -a ${secret} ping`,
  secret => `sshpass -p ${secret} ssh h`,
  secret => `curl -s -u ops:${secret} http://h/`,
  secret => `settings {"db":{"host":"h","password":"${secret}"}}`,
  secret => `settings ${JSON.stringify(JSON.stringify({ db: { password: secret } }))}`,
  secret => `{'db': {'password': '${secret}'}}`,
  secret => `{ user: 'ops', password: '${secret}' }`,
  secret => `  db_password: ${secret}\n`,
  secret => `  password ${secret}\n`,
  secret => `connecting to amqp://ops:${secret}@h:5672/v`,
  secret => `host=h password=${secret} dbname=d`,
];

/** Those who know it: it stands in a variable, an option or a probe, in whatever depth. */
const sources: readonly ((secret: string) => readonly [string, string])[] = [
  secret => ['API_TOKEN', secret],
  secret => ['CONFIG', JSON.stringify({ db: { password: secret } })],
  secret => ['CONFIG', JSON.stringify({ list: [{ credentials: { value: secret } }] })],
  secret => ['RABBITMQ_URL', `amqp://ops:${encodeURIComponent(secret)}@h`],
  secret => ['HEADER', `X-Api-Key: ${secret}`],
];

const letters = fc.stringMatching(/^[A-Za-z\d]{6,12}$/);
const secret = fc.tuple(letters, letters).map(([start, end]) => `${start}zQ7-_.${end}9`);
const noise = fc.constantFrom(
  ...[
    '',
    ' ',
    'a',
    'é',
    '\x1b[31m',
    '\x1b[0m',
    '\x1b[8m',
    '\x1b[2J',
    '\x1b]0;title\x07',
    '\x1b_apc\x1b\\',
    '\x9d52;c;AAAA\x9c',
  ],
  ...[
    '\x9b2J',
    '\b\b\b',
    '\r',
    '\x0e',
    '\x0f',
    '\x7f',
    '\0',
    '\u202e',
    '\u2066',
    '\u200b',
    '\ufeff',
    '\u2028',
    '\u{e0041}',
    '\x1b',
  ],
);
const noises = fc.array(noise, { maxLength: 4 }).map(parts => parts.join(''));

/** What a terminal would act upon; `colours` are allowed where a console is copied to. */
const raw =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e0fff}]/u;
const colours = /\x1b\[(?!8m)[\d;]*m/g;

const plan = (line: string, word: string): LaunchPlan =>
  ({
    worker: 'ops',
    id: 'id',
    file: '/bin/worker',
    args: ['-c', line, word],
    cwd: folder,
    env: { LINE: line },
    provenance: {},
    withheld: [],
    ports: {},
    executable: { rule: 'path', asked: 'worker', tried: [] } as unknown as LaunchPlan['executable'],
    shell: false,
  }) as unknown as LaunchPlan;

/** Everything that leaves for a person, a file or a program, by its name. */
async function leave(line: string, secrets: Secrets): Promise<Readonly<Record<string, string>>> {
  const view = new LogView('ops', logs);
  view.markLaunch();
  appendFileSync(logs.stderr.path, `${line}\n`);
  const stderr = quoteLines(view.lastLines('stderr', 'launch', 200), secrets);
  const failure = explainStartFailure(exited(1), evidence({ output: { stdout: [], stderr } }));
  const plain = maskError(new Error(line, { cause: new Error(line) }), secrets);
  const own = maskError(new LiveWorkerError('NOT_READY', line, { details: { line: [line] } }), secrets);
  const probe = maskedProbe({ description: line, check: async () => pending(line) }, secrets);
  const path = join(folder, 'events.ndjson');
  const timeline = openTimeline(path, {
    mask: fields => secrets.maskData(fields) as typeof fields,
    onTrouble: () => {},
  });
  timeline.record('told', { line, nested: [{ line }] });
  timeline.close();
  const answer = await probe.check(new AbortController().signal);
  return {
    'quoted output': failure.message,
    error: `${plain.message}${plain.stack}`,
    cause: String((plain.cause as Error).message),
    'own error': `${own.message}${own.stack}`,
    'its details': toJson(own.details),
    'probe answer': toJson([probe.description, answer]),
    'events.ndjson': readFileSync(path, 'utf8').split('\n').at(-2) ?? '',
    'launch.ndjson': toJson(toLaunchRecord(plan(line, 'x'), secrets)),
    'command line': toJson(maskCommandLine(line, secrets)),
  };
}

function echoed(line: string, secrets: Secrets): string {
  const written: string[] = [];
  const spy = jest.spyOn(process.stderr, 'write').mockImplementation(text => written.push(String(text)) > 0);
  const own = openLogFiles(temporaryFolder(), 'ops');
  try {
    appendFileSync(own.stderr.path, `${line}\n`);
    echoLogs('ops', own, secrets).close();
  } finally {
    spy.mockRestore();
    closeLogFiles(own);
  }
  return written.join('');
}

async function expectHarmless(line: string, secrets: Secrets, hidden: string): Promise<void> {
  const doors = await leave(line, secrets);
  const echo = echoed(line, secrets);
  for (const [door, text] of [...Object.entries(doors), ['echo', echo] as const]) {
    const shown = text.replace(colours, '');
    const isColourAllowed = ['echo', 'error', 'own error', 'cause'].includes(door);
    // Without its first letter it is no secret any more.
    expect({ door, text, leaks: shown.includes(hidden.slice(1)) }).toEqual({ door, text, leaks: false });
    expect({ door, text, raw: raw.exec(isColourAllowed ? shown : text)?.[0] }).toEqual({
      door,
      text,
      raw: undefined,
    });
  }
}

test.each(ways.map(way => [way('SECRET').trim(), way] as const))(
  'no door lets through an unknown secret: %s',
  async (_, way) => {
    await fc.assert(
      fc.asyncProperty(secret, noises, async (value, after) => {
        await expectHarmless(`${way(value)} ${after}`, new Secrets(), value);
      }),
      { numRuns: 30 },
    );
  },
);

test('no door lets through a secret that is known, nor a character that is no text', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...sources),
      secret,
      noises,
      noises,
      async (source, value, before, after) => {
        await expectHarmless(`${before}${value}${after}`, new Secrets([source(value)]), value);
      },
    ),
    { numRuns: 300 },
  );
});

test('no door lets through a secret with colours in it', async () => {
  await fc.assert(
    fc.asyncProperty(letters, letters, async (start, end) => {
      const line = `it is ${start}zQ7\x1b[31m${end}9\x1b[0m there`;
      await expectHarmless(line, new Secrets([['API_TOKEN', `${start}zQ7${end}9`]]), `${start}zQ7${end}9`);
    }),
    { numRuns: 100 },
  );
});

test('echo keeps colours, and ends them with the line', () => {
  expect(echoed('\x1b[31mred\x1b[39m, \x1b[38;5;8mgrey', new Secrets())).toBe(
    '[ops] \x1b[31mred\x1b[39m, \x1b[38;5;8mgrey\x1b[0m\n',
  );
  expect(echoed('10 %\r20 %\b\x1b[8mhidden\x1b[2K', new Secrets())).toBe(
    '[ops] 10 %\\x0d20 %\\x08\\x1b[8mhidden\\x1b[2K\n',
  );
});

test('echo cuts a line without end, and hides a key line by line', () => {
  const long = echoed('x'.repeat(1_000_000), new Secrets());
  expect(long.length).toBeLessThan(70_000);
  expect(long).toMatch(/x… \(the line goes on in its log\)\n$/);
  const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQ\n-----END PRIVATE KEY-----\nready';
  expect(echoed(key, new Secrets())).toBe(
    '[ops] -----BEGIN PRIVATE KEY----- ***\n[ops] ***\n[ops] ***\n[ops] ***\n[ops] ready\n',
  );
});
