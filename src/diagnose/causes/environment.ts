import type { Cause } from '../cause.ts';
import type { Evidence, EvidenceVariable } from '../evidence.ts';
import { findInOutput } from '../find-in-output.ts';

const testNames = /^(?:.*_)?TESTING$|^(?:.*_)?TEST_MODE$|_ALWAYS_EAGER$|^PYTEST_/;
const stageNames = /^(?:.*_)?ENV(?:IRONMENT)?$/;
const off = /^(?:|0|false|no|off)$/i;

/** Variables of the worker that tell programs to leave their real services alone. */
export function testOnlyVariables({ variables }: Evidence): readonly EvidenceVariable[] {
  return variables.filter(
    ({ name, value }) =>
      (testNames.test(name) && !off.test(value)) || (stageNames.test(name) && /^test(?:ing)?$/i.test(value)),
  );
}

/** `KeyError: 'NAME'` under a frame of Python's os.environ, for names that are none of the worker's. */
export function missingVariable(evidence: Evidence): Cause | undefined {
  const name = findInOutput(evidence, /^KeyError: '([A-Za-z_]\w*)'/)?.[1];
  if (name === undefined || !findInOutput(evidence, /File "(?:<frozen os>|.*[/\\]os\.py)", line/))
    return undefined;
  if (evidence.variables.some(variable => variable.name === name)) return undefined;
  const withheld = evidence.withheld.find(variable => variable.name === name);
  return {
    text: `the worker reads ${name}, which is not in its environment${withheld ? `: Jest has it, but it was held back (${withheld.why})` : ''}`,
    change: [`set ${name} in the worker's env or env file`],
  };
}

export function describeVariable({ name, value, origin }: EvidenceVariable): string {
  return `${name}=${value} (${origin})`;
}
