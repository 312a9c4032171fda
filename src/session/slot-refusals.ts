import { LiveWorkerError } from '../errors.ts';
import type { WorkerSpec } from '../options/options.ts';
import { optionsInvalid } from '../options/options-invalid.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { EscapedVariable } from './slots/led-variables.ts';

/** @param escaped one at least */
export function slotEscaped(
  escaped: readonly EscapedVariable[],
  testFile: string,
  secrets: Secrets,
): LiveWorkerError {
  const names = escaped.map(({ name }) => name);
  const others = names.length > 1 ? `, and so does ${names.slice(1).join(', ')}` : '';
  const [first] = escaped;
  const now = first?.now === undefined ? 'unset' : `"${secrets.mask(first.now)}"`;
  return new LiveWorkerError(
    'SLOT_ESCAPED',
    [
      `Cannot run the tests of ${testFile}: process.env.${names[0]} leads past its slot${others}`,
      `cause:  it is ${now}, and was set to "${secrets.mask(first?.wanted ?? '')}" before the file was loaded; the file, what it loads, or one of setupFilesAfterEnv has changed it`,
      'change: leave a variable alone that is set already, as dotenv does without override, or take it out of the env file of the tests',
    ].join('\n'),
    { details: { variables: names } },
  );
}

export function nothingToIsolate(specs: readonly WorkerSpec[]): LiveWorkerError {
  const names = specs.map(({ name }) => `"${name}"`).join(', ');
  return optionsInvalid('Cannot isolate test files', [
    {
      path: 'isolate',
      given: `workers that use neither RabbitMQ nor Postgres: ${names}`,
      wanted: 'none, or a worker with RABBITMQ_URL, DATABASE_URL or a probe of one of them',
    },
  ]);
}

export function nameMissing(name: string, specs: readonly WorkerSpec[]): LiveWorkerError {
  const names = specs.map(spec => `"${spec.name}"`).join(', ');
  return optionsInvalid('Cannot isolate test files', [
    {
      path: 'isolate.env',
      given: `"\${slot.${name}}"`,
      wanted: `a ${name} to be there`,
      hint: `none of the workers ${names} has a probe or a variable that leads to one`,
    },
  ]);
}
