import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EchoTerminal } from '../../../src/logs/echo-logs.ts';
import { closeLogFiles, type LogFiles, openLogFiles } from '../../../src/logs/open-log-files.ts';
import { Secrets } from '../../../src/secrets/secrets.ts';
import { SharedEcho } from '../../../src/supervisor/workers/shared-echo.ts';
import { temporaryFolder } from '../../process/own-processes.ts';

let logs: LogFiles;
let echo: SharedEcho;

beforeEach(() => {
  logs = openLogFiles(temporaryFolder(), 'ops');
  echo = new SharedEcho('ops', logs, new Secrets([['API_TOKEN', 'a-secret-token']]));
});
afterEach(() => {
  echo.close();
  closeLogFiles(logs);
});

const write = (text: string) => appendFileSync(logs.stdout.path, text);

function terminal() {
  const shown: string[] = [];
  const own = { shown, isBusy: false, write: (text: string) => void shown.push(text) };
  return own satisfies EchoTerminal;
}

async function until({ shown }: { readonly shown: readonly string[] }, count: number): Promise<void> {
  while (shown.length < count) await sleep(2);
}

test('each line is shown once, by the file that was there first, without secrets', async () => {
  const [first, second] = [terminal(), terminal()];
  write('boot\n');
  echo.add(first);
  echo.add(second);
  await until(first, 1);
  write('with a-secret-token\n');
  await until(first, 2);
  expect(first.shown).toEqual(['[ops] boot\n', '[ops] with ***\n']);
  expect(second.shown).toEqual([]);
});

test('a file that is over is shown what was written until then, and the next one goes on from there', async () => {
  const [first, second] = [terminal(), terminal()];
  echo.add(first);
  echo.add(second);
  write('one\ntw');
  echo.finish(first);
  write('o\nthree\n');
  echo.finish(second);
  expect([first.shown, second.shown]).toEqual([['[ops] one\n'], ['[ops] two\n', '[ops] three\n']]);
});

test('a file that was not the first takes nothing with it', async () => {
  const [first, second] = [terminal(), terminal()];
  echo.add(first);
  echo.add(second);
  write('one\n');
  echo.finish(second);
  echo.finish(first);
  expect([first.shown, second.shown]).toEqual([['[ops] one\n'], []]);
});

test('what is written while no file is there waits for the next, also after one that was killed', async () => {
  const [killed, next] = [terminal(), terminal()];
  echo.add(killed);
  echo.delete(killed);
  write('alone\n');
  // Longer than the log is not looked at.
  await sleep(300);
  echo.add(next);
  await until(next, 1);
  expect([killed.shown, next.shown]).toEqual([[], ['[ops] alone\n']]);
});

test('a terminal that is busy is waited for', async () => {
  const busy = terminal();
  busy.isBusy = true;
  echo.add(busy);
  write('one\n');
  await sleep(300);
  expect(busy.shown).toEqual([]);
  busy.isBusy = false;
  await until(busy, 1);
  expect(busy.shown).toEqual(['[ops] one\n']);
});

test('a line without an end is shown when the worker is over', () => {
  const own = terminal();
  echo.add(own);
  write('no end');
  echo.close();
  echo.finish(own);
  expect(own.shown).toEqual(['[ops] no end\n']);
});

test('where no file is there any more, what is left is not read', () => {
  const read = jest.spyOn(logs.stdout, 'read');
  write('goodbye\n');
  echo.close();
  expect(read).not.toHaveBeenCalled();
});
