import { applyDefaults } from './apply-defaults.ts';
import { checkIsolate } from './checks/check-isolate.ts';
import { checkNames } from './checks/check-names.ts';
import { checkProbes } from './checks/check-probes.ts';
import { checkRelations } from './checks/check-relations.ts';
import { checkServices } from './checks/check-services.ts';
import { checkShape, unknownOption } from './checks/check-shape.ts';
import { copyJson } from './copy-json.ts';
import type { Mistake } from './mistake.ts';
import type { LiveWorkersSpec } from './options.ts';
import { optionsInvalid } from './options-invalid.ts';

/**
 * Checks the options and fills in every default.
 *
 * @throws OPTIONS_INVALID with all mistakes at once, in `details.mistakes` too.
 */
export function parseOptions(value: unknown): LiveWorkersSpec {
  const { copy, mistakes: nonJson } = copyJson(value);
  const shape = checkShape(copy);
  const mistakes = inOrder(nonJson, [
    ...(shape.kind === 'invalid' ? shape.mistakes : []),
    ...checkNames(copy),
    ...checkRelations(copy),
    ...checkProbes(copy),
    ...checkIsolate(copy),
    ...checkServices(copy),
  ]);
  if (shape.kind === 'invalid' || mistakes.length > 0) {
    throw optionsInvalid('Cannot use the options of live-worker', mistakes);
  }
  return applyDefaults(shape.options);
}

const byPath = new Intl.Collator('en', { numeric: true });

/** A value that is no JSON is one mistake, no matter what was wanted in its place; an unknown option stays unknown. */
function inOrder(nonJson: readonly Mistake[], others: readonly Mistake[]): readonly Mistake[] {
  const paths = new Set(nonJson.map(({ path }) => path));
  const rest = others.filter(({ path, given }) => given === unknownOption || !paths.has(path));
  return [...rest, ...nonJson].sort((left, right) => byPath.compare(left.path, right.path));
}
