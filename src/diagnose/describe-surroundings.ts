import type { Evidence } from './evidence.ts';

const linesShown = 10;

/** The lower part of every failure: the last lines of both streams, then command, cwd and where the logs are. */
export function describeSurroundings({ output, command, cwd, logPaths }: Evidence): readonly string[] {
  return [
    '',
    ...describeStream('stderr', output.stderr),
    ...describeStream('stdout', output.stdout),
    `command: ${command.join(' ')}`,
    `cwd:     ${cwd}`,
    `logs:    ${logPaths.stderr}`,
    `         ${logPaths.stdout}`,
  ];
}

/** The bar keeps Jest from taking a stack trace of the worker for the end of the message. */
function describeStream(name: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [`${name}: nothing`];
  return [`${name}, last lines:`, ...lines.slice(-linesShown).map(line => `  | ${line}`)];
}
