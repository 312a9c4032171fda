import { argumentInvalid } from '../../errors.ts';
import type { CrashPoint, EffectStep } from '../../session/contract.ts';
import { withFrames } from '../unpack.ts';

/** A gap between two effects of the work. */
export interface GapPoint {
  /** `after deliver from "orders", before commit (…)` */
  readonly name: string;
  readonly place: CrashPoint;
}

/** One for each gap between two steps that was recorded. @throws ARGUMENT_INVALID for an `only` that is none of them */
export function listPoints(
  steps: readonly EffectStep[],
  only: string | undefined,
  frames: string,
): readonly GapPoint[] {
  const names = steps.map(({ name }) => name);
  const points = steps.slice(0, -1).map((step, index): GapPoint => {
    const nth = names.slice(0, index + 1).filter(name => name === step.name).length;
    return {
      name: `after ${numbered(names, index)}, before ${numbered(names, index + 1)}`,
      place: { when: 'after', effect: step.kind, nth, name: step.name },
    };
  });
  if (only === undefined) return points;
  const chosen = points.filter(({ name }) => name === only);
  if (chosen.length > 0) return chosen;
  const list = points.map(({ name }) => `\n  ${name}`).join('');
  throw withFrames(argumentInvalid('everyCrashPoint(): only', only, `one of:${list}`), frames);
}

/** The second of two that are alike says so. */
function numbered(names: readonly string[], index: number): string {
  const name = names[index] ?? '';
  const nth = names.slice(0, index + 1).filter(one => one === name).length;
  return names.filter(one => one === name).length === 1 ? name : `${name} #${nth}`;
}
