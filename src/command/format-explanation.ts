import { quoteWords } from '../text/quote-shell.ts';
import type { CommandContext } from './command-result.ts';
import type { Explanation } from './explanation.ts';
import { shortenPathFrom } from './find-worker.ts';
import { firstLine } from './first-line.ts';

type Variables = readonly (readonly [string, Explanation['env'][string]])[];

/** The explanation, for people: what decides first; what is the same for every worker only when all is asked for. */
export function formatExplanation(explanation: Explanation, context: CommandContext, isAll: boolean): string {
  const { colours, cwd } = context;
  const { executable, interpreter, stop } = explanation;
  const row = (label: string, values: readonly string[]) =>
    values.map((value, index) => `${colours.bold((index === 0 ? label : '').padEnd(12))}${value}`);
  const version = interpreter.version === undefined ? '' : ` (${interpreter.version})`;
  return [
    ...row('worker', [`${explanation.worker}, of project ${explanation.project} in ${explanation.rootDir}`]),
    ...row('command', [quoteWords(explanation.command)]),
    ...row('run by', [`${interpreter.path}${version}`]),
    ...(isAll ? row('found by', [`rule "${executable.rule}" for "${executable.asked}"`]) : []),
    ...row('cwd', [explanation.cwd]),
    ...row('stdin', explanation.stdin === 'pipe' ? ['a pipe that is kept open'] : []),
    ...row('ready when', explanation.probes),
    ...row(
      'services',
      explanation.services.map(({ kind, url, source }) => `${kind} ${url} (${source})`),
    ),
    ...row('spans', explanation.spans === undefined ? [] : [explanation.spans]),
    ...row(
      'env files',
      explanation.envFiles.map(file => shortenPathFrom(file, cwd)),
    ),
    ...(isAll
      ? row('times', [`start ${explanation.startTimeoutMs} ms, ${stop.signal} and ${stop.graceMs} ms to end`])
      : []),
    ...describeEnvironment(explanation, context, isAll),
  ].join('\n');
}

const describeWithheld =
  (colours: CommandContext['colours']) =>
  ({ name, why, value }: Explanation['withheld'][number]) =>
    `  ${name}${value === undefined ? '' : `=${value}`}  ${colours.dim(`withheld: ${why}`)}`;

function describeEnvironment(
  { env, withheld }: Explanation,
  { colours }: CommandContext,
  isAll: boolean,
): readonly string[] {
  const of = (isOne: (layer: string) => boolean): Variables =>
    Object.entries(env).filter(([, { from }]) => isOne(from));
  const own = of(from => from !== 'inherited' && from !== 'supervision');
  const others = [...of(from => from === 'supervision'), ...of(from => from === 'inherited')];
  const list = (variables: Variables) =>
    variables.map(([name, { value, origin }]) => `  ${name}=${firstLine(value)}  ${colours.dim(origin)}`);
  const counts = `${own.length} of its own, ${others.length} inherited or set by live-worker, ${withheld.length} withheld`;
  return [
    `${colours.bold('variables'.padEnd(12))}${counts}${isAll ? '' : colours.dim(' (--all lists them)')}`,
    ...list(own),
    ...(isAll ? list(others) : []),
    ...(isAll ? withheld.map(describeWithheld(colours)) : []),
  ];
}
