import { CommanderError } from 'commander';
import { createColors } from 'picocolors';
import { isLiveWorkerError, LiveWorkerError } from '../errors.ts';
import { maskError } from '../secrets/mask-error.ts';
import { Secrets } from '../secrets/secrets.ts';
import { escapeControls } from '../text/escape-controls.ts';
import { toJson } from '../text/to-json.ts';
import type { CommandResult } from './command-result.ts';
import { createProgram } from './create-program.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';

/** Runs the command line, writes what came of it, and ends the process with the code the README's table tells. */
export async function main(argv: readonly string[]): Promise<void> {
  // A terminal that was closed must not keep a worker from being stopped politely.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const json = argv.includes('--json');
  const write = keepStdout();
  const shellEnv = definedOnly(process.env);
  let result: CommandResult | undefined;
  let code: number;
  let help = '';
  try {
    const context = {
      cwd: process.cwd(),
      shellEnv,
      colours: createColors(hasColours(shellEnv)),
      say: (line: string) => (json ? process.stderr.write(`${line}\n`) : write(`${line}\n`)),
    };
    const program = createProgram(context, { json, write, onResult: found => (result = found) });
    program.configureOutput({ writeErr: text => (help += text) });
    await program.parseAsync(argv);
    if (result) write(json ? `${toJson(result.document)}\n` : withNewline(shown(result)));
    code = result?.code ?? exitCodes.done;
  } catch (error) {
    code = report(isHelp(error) ? nothingAsked(argv, help) : error, json, write);
  }
  process.stdout.write('', () => process.exit(code));
}

/** A configuration may print; stdout is for what the command itself says. */
function keepStdout(): (text: string) => void {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
  return text => void write(text);
}

function report(error: unknown, json: boolean, write: (text: string) => void): number {
  if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
  const known = maskError(error instanceof CommanderError ? commandInvalid(error) : error, ownSecrets());
  const message = known instanceof Error ? known.message : String(known);
  const isOurs = isLiveWorkerError(known);
  if (json) {
    const code = isOurs ? known.code : 'UNEXPECTED';
    write(`${toJson({ error: { code, message, details: isOurs ? known.details : {} } })}\n`);
  } else {
    process.stderr.write(
      `live-worker: ${isOurs || !(known instanceof Error) ? message : (known.stack ?? message)}\n`,
    );
  }
  return isOurs ? exitCodeOf(known.code) : exitCodes.unexpected;
}

/** What it throws where no worker is known yet. */
function ownSecrets(): Secrets {
  return new Secrets(Object.entries(definedOnly(process.env)));
}

/** What commander throws where it can only answer with its help. */
function isHelp(error: unknown): boolean {
  return error instanceof CommanderError && error.code === 'commander.help' && error.exitCode !== 0;
}

function nothingAsked(argv: readonly string[], help: string): LiveWorkerError {
  const [, asked] = argv.slice(2).filter(word => !word.startsWith('-'));
  const what = asked === undefined ? 'no command was given' : `there is no command "${asked}"`;
  return new LiveWorkerError('COMMAND_INVALID', `Cannot tell what to do: ${what}\n\n${help.trimEnd()}`);
}

function commandInvalid({ message }: CommanderError): LiveWorkerError {
  return new LiveWorkerError('COMMAND_INVALID', message.replace(/^error: /, ''));
}

function shown({ text, isScript }: CommandResult): string {
  return isScript ? text : escapeControls(text, { keepColours: true });
}

/** Neither NO_COLOR nor a pipe gets any. */
function hasColours({ NO_COLOR, TERM }: Readonly<Record<string, string>>): boolean {
  return process.stdout.isTTY === true && !NO_COLOR && TERM !== 'dumb';
}

function withNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function definedOnly(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
