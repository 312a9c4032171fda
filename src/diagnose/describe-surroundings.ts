import type { Evidence } from './evidence.ts';

const linesShown = 10;
const fewestLines = 3;
const screenLines = 40;
const longestLine = 300;

/** The lower part of every failure, so that with `linesAbove` it fits a screen: the last lines of both streams, then command, cwd and where the logs are. */
export function describeSurroundings(
  { output, command, cwd, interpreter, logPaths }: Evidence,
  linesAbove: number,
): readonly string[] {
  const place = [
    `command: ${shorten(command.join(' '))}`,
    `cwd:     ${cwd}`,
    ...(interpreter && interpreter.path !== command[0] ? [`run by:  ${interpreter.path}`] : []),
    `logs:    ${logPaths.stderr}`,
    `         ${logPaths.stdout}`,
  ];
  const room = screenLines - linesAbove - place.length - 3;
  const stderr = Math.min(
    linesShown,
    output.stderr.length,
    Math.max(fewestLines, room - Math.min(output.stdout.length, 3)),
  );
  const stdout = Math.min(linesShown, Math.max(fewestLines, room - stderr));
  return [
    '',
    ...describeStream('stderr', output.stderr, stderr),
    ...describeStream('stdout', output.stdout, stdout),
    ...place,
  ];
}

/** The bar keeps Jest from taking a stack trace of the worker for the end of the message. */
function describeStream(name: string, lines: readonly string[], count: number): readonly string[] {
  if (lines.length === 0) return [`${name}: nothing`];
  return [`${name}, last lines:`, ...lines.slice(-count).map(line => `  | ${shorten(line)}`)];
}

function shorten(line: string): string {
  return line.length > longestLine ? `${line.slice(0, longestLine)}…` : line;
}
