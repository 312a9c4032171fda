import { describeOrigin } from '../launch/environment/describe-origin.ts';
import type { LaunchPlan } from '../launch/plan.ts';
import { maskValue } from '../secrets/mask-value.ts';
import { Secrets } from '../secrets/secrets.ts';

/** A variable that is not the same on both sides; values are masked, and null where it is not set. */
export interface VariableDifference {
  readonly name: string;
  readonly worker: string | null;
  readonly shell: string | null;
  /** Where the worker has it from, or why it has not. */
  readonly reason: string;
  /** One of those that most often explain why it works by hand. */
  readonly likely: boolean;
}

type Environment = Readonly<Record<string, string>>;

/** The most telling first. */
const culprits: readonly RegExp[] = [
  /^PATH$/,
  /^PYTHON(?:PATH|HOME)$/,
  /^(?:VIRTUAL_ENV|CONDA_PREFIX|PYENV_VERSION)$/,
  /^NODE_(?:ENV|PATH|OPTIONS)$/,
  /(?:^|_)TEST(?:ING|S|_MODE)?(?:_|$)/,
  /_(?:URL|URI|DSN)$/,
  /_(?:HOST|PORT|VHOST|QUEUE|DATABASE|BROKER)$/,
  /^(?:PG|AMQP|RABBITMQ|CELERY|DRAMATIQ|DJANGO|FLASK|RAILS|SPRING|REDIS)/,
  /^(?:LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|LANG|LC_ALL|TZ)$/,
];

/** Every variable that differs between a launch and a shell, likely culprits first, then by name. */
export function compareVariables(
  { env, provenance, withheld }: LaunchPlan,
  shell: Environment,
  rootDir: string,
): readonly VariableDifference[] {
  const whyNot = new Map(withheld.map(({ name, why }) => [name, why]));
  const secrets = new Secrets([...Object.entries(env), ...Object.entries(shell)]);
  const names = [...new Set([...Object.keys(env), ...Object.keys(shell)])].filter(
    name => env[name] !== shell[name] && !isOfNoInterest(name),
  );
  return names
    .sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1))
    .map(name => {
      const from = provenance[name];
      const reason = from ? describeOrigin(from, rootDir) : (whyNot.get(name) ?? 'set only in the shell');
      const shown = (value: string | undefined) =>
        value === undefined ? null : secrets.mask(maskValue(name, value));
      return {
        name,
        worker: shown(env[name]),
        shell: shown(shell[name]),
        reason: from && from.layer !== 'inherited' ? reason : (whyNot.get(name) ?? reason),
        likely: rank(name) < culprits.length && from?.layer !== 'supervision',
      };
    });
}

function rank(name: string): number {
  const index = culprits.findIndex(pattern => pattern.test(name));
  return index === -1 ? culprits.length : index;
}

/** npm's own dozens, and the shell's notes on its last command. */
function isOfNoInterest(name: string): boolean {
  return /^(?:npm_|NPM_|INIT_CWD$|_$|SHLVL$)/.test(name);
}
