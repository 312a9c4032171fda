import { LiveWorkerError } from '../../errors.ts';
import { findRelatedName } from '../../text/find-nearest-name.ts';
import { type FilledText, fillIn } from './fill-in.ts';

/**
 * Fills in `${NAME}` and `${NAME:-default}` from `env`; the default also stands for an empty variable. `$NAME` stays as it is,
 * `$${NAME}` becomes a literal `${NAME}`.
 * @param where the option the text stands in, such as `ready[0].url`
 * @throws LiveWorkerError ENV_MISSING
 */
export function interpolate(text: string, env: Readonly<Record<string, string>>, where: string): string {
  const lookUp = (name: string) => (Object.hasOwn(env, name) ? env[name] : undefined);
  return fillInOption(text, lookUp, name => {
    const nearest = findRelatedName(name, Object.keys(env));
    const hint = nearest === undefined ? '' : `; the nearest name it has is "${nearest}"`;
    throw new LiveWorkerError(
      'ENV_MISSING',
      `Cannot fill in ${where}: it refers to "\${${name}}", which the worker does not have${hint}\nSet the variable in env or an env file, or write "\${${name}:-default}"`,
      { details: { where, name, nearest } },
    );
  }).text;
}

/** Does the same with values from anywhere; `onMissing` throws for a variable that is not set and has no default. */
export function fillInOption(
  text: string,
  lookUp: (name: string) => string | undefined,
  onMissing: (name: string) => never,
): FilledText {
  return fillIn(text, {
    syntax: 'option',
    lookUp,
    onMissing: ({ name }) => onMissing(name),
    onBroken: ({ name }) => onMissing(name),
  });
}
