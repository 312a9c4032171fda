import { relative } from 'node:path';
import type { LaunchPlan } from '../../launch/plan.ts';
import { optionsInvalid } from '../../options/options-invalid.ts';
import type { FileSlots } from '../../service/file-slots.ts';
import { didYouMean } from '../../text/find-nearest-name.ts';

type TestEnvironment = Record<string, string | undefined>;

export interface LedVariablesOptions {
  readonly slots: FileSlots;
  readonly plans: readonly LaunchPlan[];
  readonly testEnv: Readonly<TestEnvironment>;
  readonly rootDir: string;
  /** `isolate.testEnv` */
  readonly names: readonly string[];
}

/** A variable that does not lead where it was to. */
export interface EscapedVariable {
  readonly name: string;
  readonly wanted: string;
  readonly now: string | undefined;
}

/** The variables by which a test file is led to its slots. */
export class LedVariables {
  readonly values: ReadonlyMap<string, string>;
  readonly #rootDir: string;
  #early: readonly string[] = [];

  constructor(values: ReadonlyMap<string, string>, rootDir: string) {
    this.values = values;
    this.#rootDir = rootDir;
  }

  /** What setup files may have read before; a line for the failing output. */
  get early(): readonly string[] {
    return this.#early;
  }

  apply(testEnv: TestEnvironment, earlySetupFiles: readonly string[]): void {
    const before = [...this.values.keys()].filter(name => testEnv[name] !== undefined);
    for (const [name, value] of this.values) testEnv[name] = value;
    if (earlySetupFiles.length === 0 || before.length === 0) return;
    const files = earlySetupFiles.map(file => relative(this.#rootDir, file)).join(', ');
    this.#early = [
      `note: setupFiles (${files}) ran before ${before.join(', ')} led to the slot of this file: what they opened or loaded leads elsewhere; setupFilesAfterEnv run later`,
    ];
  }

  escaped(testEnv: Readonly<TestEnvironment>): readonly EscapedVariable[] {
    return [...this.values]
      .filter(([name, wanted]) => testEnv[name] !== wanted)
      .map(([name, wanted]) => ({ name, wanted, now: testEnv[name] }));
  }
}

/**
 * Those the slots gave the workers, those of the test file's own that lead to the same places, and those that were asked for by
 * name.
 *
 * @throws OPTIONS_INVALID
 */
export function ledVariables({ slots, plans, testEnv, rootDir, names }: LedVariablesOptions): LedVariables {
  const values = new Map(Object.entries(slots.variables({ env: testEnv, cwd: rootDir })));
  for (const { env, provenance } of [...plans].reverse()) {
    for (const [name, { layer }] of Object.entries(provenance))
      if (layer === 'slot') values.set(name, env[name] ?? '');
  }
  const mistakes = names.flatMap((name, index) => {
    const found = plans.filter(({ env }) => env[name] !== undefined);
    const [first] = found;
    const other = found.find(({ env }) => env[name] !== first?.env[name]);
    if (first && !other) values.set(name, first.env[name] ?? '');
    if (first && !other) return [];
    const path = `isolate.testEnv[${index}]`;
    const given = JSON.stringify(name);
    if (first && other) {
      const hint = `"${first.worker}" and "${other.worker}" have different ones: give one of them another name`;
      return [{ path, given, wanted: 'a variable that is the same in every worker that has it', hint }];
    }
    const hint = didYouMean(
      name,
      plans.flatMap(({ env }) => Object.keys(env)),
    );
    return [{ path, given, wanted: 'a variable of a worker', ...(hint === undefined ? {} : { hint }) }];
  });
  if (mistakes.length > 0) throw optionsInvalid('Cannot lead the test file to its workers', mistakes);
  return new LedVariables(values, rootDir);
}
