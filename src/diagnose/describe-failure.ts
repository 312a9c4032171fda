import type { Evidence } from './evidence.ts';
import { selectLines } from './lines/select-lines.ts';

const linesShown = 10;
const fewestLines = 3;
const screenLines = 40;
const longestLine = 300;

/** A failure that fits a screen: `head`, then the last lines of both streams, then command, cwd, where the logs are and how to repeat it. */
export function describeFailure(head: readonly string[], evidence: Evidence): string {
  const { output } = evidence;
  const launch = describeLaunch(evidence);
  const labels = 3;
  const least = Math.min(fewestLines, output.stderr.length) + Math.min(fewestLines, output.stdout.length);
  const above = clip(head, screenLines - launch.length - labels - least);
  const room = screenLines - above.length - launch.length - labels;
  const stderr = Math.min(linesShown, room - Math.min(output.stdout.length, fewestLines));
  const stdout = Math.min(linesShown, room - Math.min(output.stderr.length, stderr));
  return [
    ...above,
    '',
    ...describeStream('stderr', output.stderr, stderr),
    ...describeStream('stdout', output.stdout, stdout),
    ...launch,
  ].join('\n');
}

function describeLaunch({ command, cwd, interpreter, logPaths, notes, replay }: Evidence): readonly string[] {
  return [
    ...notes.map(note => `note:    ${shorten(note)}`),
    `command: ${shorten(command.join(' '))}`,
    `cwd:     ${cwd}`,
    ...(interpreter && interpreter.path !== command[0] ? [`run by:  ${interpreter.path}`] : []),
    `logs:    ${logPaths.stderr}`,
    `         ${logPaths.stdout}`,
    ...(replay === undefined ? [] : [`replay:  ${replay}`]),
  ];
}

/** What others have written, such as the answer of a probe, may be of many lines. */
function clip(head: readonly string[], count: number): readonly string[] {
  const lines = head.flatMap(line => line.split('\n')).map(shorten);
  return lines.length > count ? [...lines.slice(0, count - 1), '…'] : lines;
}

/** The bar keeps Jest from taking a stack trace of the worker for the end of the message. */
function describeStream(name: string, lines: readonly string[], count: number): readonly string[] {
  if (lines.length === 0) return [`${name}: nothing`];
  return [`${name}, last lines:`, ...selectLines(lines, count).map(line => `  | ${shorten(line)}`)];
}

function shorten(line: string): string {
  return line.length > longestLine ? `${line.slice(0, longestLine)}…` : line;
}
