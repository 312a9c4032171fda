import { type BaseIssue, safeParse } from 'valibot';
import { describeGiven } from '../describe-given.ts';
import type { OptionPath } from '../format-path.ts';
import { type Mistake, mistakeAt } from '../mistake.ts';
import type { LiveWorkersOptions } from '../options.ts';
import { optionsSchema } from '../schema/options-schema.ts';

/** The options, as far as they have the right shape, or the mistakes that prevent it. */
type CheckedShape =
  | { readonly kind: 'valid'; readonly options: LiveWorkersOptions }
  | { readonly kind: 'invalid'; readonly mistakes: readonly Mistake[] };

export function checkShape(value: unknown): CheckedShape {
  const result = safeParse(optionsSchema, value);
  if (result.success) return { kind: 'valid', options: result.output };
  return { kind: 'invalid', mistakes: result.issues.map(describeIssue) };
}

export const unknownOption = 'an unknown option';

function describeIssue(issue: BaseIssue<unknown>): Mistake {
  const path: OptionPath = (issue.path ?? []).map(item => item.key as string | number);
  const [wanted = '', hint] = issue.message.split('\n');
  const given = issue.type === 'never' ? unknownOption : describeGiven(issue.input, path);
  return mistakeAt(path, { given, wanted, hint });
}
