import type { CauseRule } from '../../../src/diagnose/cause.ts';
import type { Evidence } from '../../../src/diagnose/evidence.ts';
import { evidence } from '../crafted-evidence.ts';

export interface RuleCases {
  /** Each rule with evidence that shows its cause, and what it must say then. */
  readonly shown: readonly (readonly [CauseRule, string, Partial<Evidence>, readonly (string | RegExp)[]])[];
  /** Each rule with evidence that looks like its cause and is none. */
  readonly silent: readonly (readonly [CauseRule, string, Partial<Evidence>])[];
}

/** The tests of one family of rules: what each says, and where each holds its tongue. */
export function testRules({ shown, silent }: RuleCases): void {
  test.each(shown.map(([rule, what, rest, parts]) => [rule.name, what, { rule, rest, parts }] as const))(
    '%s() shows: %s',
    (_name, _what, { rule, rest, parts }) => {
      const cause = rule(evidence(rest));
      const text = [cause?.text, ...(cause?.change ?? [])].join('\n');
      for (const part of parts) {
        if (typeof part === 'string') expect(text).toContain(part);
        else expect(cause?.text).toMatch(part);
      }
      expect(cause?.change.length).toBeGreaterThan(0);
    },
  );

  test.each(silent.map(([rule, what, rest]) => [rule.name, what, { rule, rest }] as const))(
    '%s() is silent at: %s',
    (_name, _what, { rule, rest }) => {
      expect(rule(evidence(rest))).toBeUndefined();
    },
  );

  test('every rule is shown and silent somewhere, and silent where nothing is known', () => {
    const rules = new Set(shown.map(([rule]) => rule));
    expect(new Set(silent.map(([rule]) => rule))).toEqual(rules);
    for (const rule of rules) expect([rule.name, rule(evidence())]).toEqual([rule.name, undefined]);
  });
}
