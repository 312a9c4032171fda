import { quoteWords } from '../text/quote-shell.ts';
import type { CommandContext } from './command-result.ts';
import type { Explained } from './explained.ts';
import { shown } from './find-worker.ts';
import { firstLine } from './first-line.ts';

type Variables = readonly (readonly [string, Explained['env'][string]])[];

/** What is explained, for people: what decides first; what is the same for every worker only when all is asked for. */
export function formatExplained(explained: Explained, context: CommandContext, isAll: boolean): string {
  const { colours, cwd } = context;
  const { executable, interpreter, stop } = explained;
  const row = (label: string, values: readonly string[]) =>
    values.map((value, index) => `${colours.bold((index === 0 ? label : '').padEnd(12))}${value}`);
  const version = interpreter.version === undefined ? '' : ` (${interpreter.version})`;
  return [
    ...row('worker', [`${explained.worker}, of project ${explained.project} in ${explained.rootDir}`]),
    ...row('command', [quoteWords(explained.command)]),
    ...row('run by', [`${interpreter.path}${version}`]),
    ...(isAll ? row('found by', [`rule "${executable.rule}" for "${executable.asked}"`]) : []),
    ...row('cwd', [explained.cwd]),
    ...row('stdin', explained.stdin === 'pipe' ? ['a pipe that is kept open'] : []),
    ...row('ready when', explained.probes),
    ...row(
      'services',
      explained.services.map(({ kind, url, source }) => `${kind} ${url} (${source})`),
    ),
    ...row(
      'env files',
      explained.envFiles.map(file => shown(file, cwd)),
    ),
    ...(isAll
      ? row('times', [`start ${explained.startTimeoutMs} ms, ${stop.signal} and ${stop.graceMs} ms to end`])
      : []),
    ...describeEnvironment(explained, context, isAll),
  ].join('\n');
}

const describeWithheld =
  (colours: CommandContext['colours']) =>
  ({ name, why, value }: Explained['withheld'][number]) =>
    `  ${name}${value === undefined ? '' : `=${value}`}  ${colours.dim(`withheld: ${why}`)}`;

function describeEnvironment(
  { env, withheld }: Explained,
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
