import { LiveWorkerError } from '../../errors.ts';
import type { EffectStep } from '../../session/contract.ts';
import { differingLines, linesOf } from './compare-values.ts';
import type { GapPoint } from './list-points.ts';

/** A point after which something else was left. */
export interface PointDiffers {
  readonly point: GapPoint;
  readonly without: unknown;
  /** What was left; where it never came to rest, why. */
  readonly withCrash: { readonly value: unknown } | { readonly why: string };
  /** What `compare` said. */
  readonly said: string | undefined;
  /** From the crash to the message coming again; undefined where it did not. */
  readonly againAfterMs: number | undefined;
  readonly lines: readonly string[];
  /** No other was tried after it. */
  readonly isFinal: boolean;
}

export interface PointMissed {
  readonly point: GapPoint;
  readonly did: readonly EffectStep[];
}

interface Told {
  readonly worker: string;
  readonly tried: number;
}

const mostLines = 20;
const longestLine = 300;

export function notIdempotent(differing: readonly PointDiffers[], { worker, tried }: Told): LiveWorkerError {
  const headline = `Worker "${worker}" is not idempotent: ${differing.length} of ${tried} crash points ${differing.length === 1 ? 'differs' : 'differ'}`;
  const described = differing.flatMap(one => ['', ...describeDifference(one)]);
  const [first] = differing;
  const rest = differing.at(-1)?.isFinal ? ['', 'What stands behind it was not tried'] : [];
  const alone = `\nto run it alone: everyCrashPoint({ only: ${JSON.stringify(first?.point.name)}, … })`;
  return new LiveWorkerError('NOT_IDEMPOTENT', [headline, ...described, ...rest, alone].join('\n'), {
    details: { worker, points: differing.map(({ point }) => point.name) },
  });
}

function describeDifference({
  point,
  without,
  withCrash,
  said,
  againAfterMs,
  lines,
}: PointDiffers): readonly string[] {
  const again =
    againAfterMs === undefined
      ? 'the message did not come again'
      : `the message came again ${Math.round(againAfterMs)} ms after the crash`;
  return [
    `point: ${point.name}`,
    ...('why' in withCrash ? [`  ${withCrash.why}`] : describeValues(without, withCrash.value)),
    ...(said === undefined ? [] : [`  compare: ${said}`]),
    `  ${again}`,
    ...(lines.length === 0
      ? ['  it wrote nothing since']
      : ['  it wrote since:', ...shorten(lines.slice(-mostLines)).map(line => `    | ${line}`)]),
  ];
}

function describeValues(without: unknown, withCrash: unknown): readonly string[] {
  const [one, other] = [linesOf(without), linesOf(withCrash)];
  const { missing, extra } = differingLines(one, other);
  // The same in another order.
  if (missing.length + extra.length === 0)
    return [
      '  without a crash:',
      ...shorten(one.slice(0, mostLines)).map(line => `    ${line}`),
      '  with it:',
      ...shorten(other.slice(0, mostLines)).map(line => `    ${line}`),
    ];
  return [
    ...shorten(missing.slice(0, mostLines)).map(line => `  - only without a crash: ${line}`),
    ...shorten(extra.slice(0, mostLines)).map(line => `  + only with it:         ${line}`),
  ];
}

export function notReached(
  missed: readonly PointMissed[],
  recorded: readonly EffectStep[],
  { worker, tried }: Told,
): LiveWorkerError {
  const lines = [
    `Worker "${worker}" did not come to ${missed.length} of ${tried} crash points`,
    ...missed.flatMap(({ point, did }) => [
      `point: ${point.name}`,
      `  recorded: ${listSteps(recorded)}`,
      `  then:     ${listSteps(did)}`,
    ]),
    'Where that is as it should be: allowUnreached: true',
  ];
  return new LiveWorkerError('CRASH_NOT_REACHED', lines.join('\n'), {
    details: { worker, points: missed.map(({ point }) => point.name) },
  });
}

export function listSteps(steps: readonly EffectStep[]): string {
  return steps.length === 0 ? 'nothing' : steps.map(({ name }) => name).join(', ');
}

function shorten(lines: readonly string[]): readonly string[] {
  return lines.map(line => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line));
}
