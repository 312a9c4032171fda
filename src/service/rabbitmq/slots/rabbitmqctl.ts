import { runCommand } from '../../../process/run-command.ts';
import { parseBrokerTarget } from '../broker-address.ts';
import {
  type FoundWay,
  type ListedVhost,
  type NewVhost,
  type VhostAdmin,
  VhostRefused,
} from './vhost-admin.ts';

/** The command takes 0.4 s for itself. */
const limitMs = 60_000;
const onThisMachine = /^(?:localhost|127(?:\.\d+){3}|::1)$/i;
const command = 'rabbitmqctl';

type Environment = Readonly<Record<string, string | undefined>>;

/** `rabbitmqctl` where it is there, may be used, and speaks to the very broker of the URL. */
export async function findRabbitmqctl(brokerUrl: string, env: Environment): Promise<FoundWay> {
  const { host, port } = parseBrokerTarget(brokerUrl);
  const change = `run the tests as a user who may run ${command} for that broker`;
  if (!onThisMachine.test(host))
    return { why: `${command} works on the machine of the broker alone, and that is ${host}`, change };
  const ctl = new Rabbitmqctl(env);
  try {
    const ports = await ctl.ask(
      '[P || {listener, _, _, _, _, P, _} <- rabbit_networking:active_listeners()]',
    );
    if (Array.isArray(ports) && ports.includes(port)) return { admin: ctl };
    return { why: `${command} speaks to another broker, which does not listen on port ${port}`, change };
  } catch (error) {
    return { why: `${command} cannot be used: ${(error as Error).message}`, change };
  }
}

interface Step {
  readonly expression: string;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Evaluates what is wanted in the broker, as much as waits in one command. Texts go as lists of bytes, because the command is a script that
 * hands its words to another shell.
 */
class Rabbitmqctl implements VhostAdmin {
  readonly #env: Readonly<Record<string, string>>;
  #waiting: Step[] = [];
  #running: Promise<void> | undefined;

  constructor(env: Environment) {
    const kept = Object.entries(env).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && /^(?:PATH|HOME|LANG|USER|LOGNAME|(?:RABBITMQ|ERL)_\w+)$/.test(entry[0]),
    );
    this.#env = Object.fromEntries(kept);
  }

  async create({ name, description, users, definitions }: NewVhost): Promise<void> {
    const acting = binary(users[0] ?? 'live-worker');
    const all = '<<46,42>>';
    const steps = [
      `rabbit_vhost:add(${binary(name)}, ${binary(description)}, [], ${acting})`,
      ...users.map(
        user =>
          `rabbit_auth_backend_internal:set_permissions(${binary(user)}, ${binary(name)}, ${all}, ${all}, ${all}, ${acting})`,
      ),
      ...(definitions
        ? [`rabbit_definitions:import_raw(${binary(JSON.stringify(placed(definitions, name)))})`]
        : []),
    ];
    await this.ask(`begin ${steps.map(step => `ok = ${step}`).join(', ')}, ok end`);
  }

  async drop(name: string): Promise<void> {
    const vhost = binary(name);
    await this.ask(
      `case rabbit_vhost:exists(${vhost}) of true -> rabbit_vhost:delete(${vhost}, ${binary('live-worker')}), ok; false -> ok end`,
    );
  }

  async list(): Promise<readonly ListedVhost[]> {
    const listed = await this.ask(
      '[#{name => N, description => proplists:get_value(description, rabbit_vhost:info(N), <<>>), ' +
        'connections => rabbit_connection_tracking:count_tracked_items_in({vhost, N})} || N = <<108,119,95,_/binary>> <- rabbit_vhost:list_names()]',
    );
    return listed as readonly ListedVhost[];
  }

  async rest(): Promise<void> {
    while (this.#running) await this.#running;
  }

  /** @throws VhostRefused */
  ask(expression: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ expression, resolve, reject });
      this.#running ??= this.#runAll().finally(() => {
        this.#running = undefined;
      });
    });
  }

  async #runAll(): Promise<void> {
    // What is asked for in the same turn goes into one command.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) {
      const steps = this.#waiting;
      this.#waiting = [];
      await this.#run(steps).catch((error: Error) => {
        for (const { reject } of steps) reject(error);
      });
    }
  }

  async #run(steps: readonly Step[]): Promise<void> {
    const expressions = steps.map(
      ({ expression }) =>
        `(fun() -> try #{ok => ${expression}} catch _:E -> #{error => iolist_to_binary(io_lib:format([126,48,112], [E]))} end end)()`,
    );
    const { code, output, lastLine } = await runCommand(
      [command, '--quiet', 'eval', `base64:encode(rabbit_json:encode([${expressions.join(', ')}])).`],
      {
        cwd: '/',
        env: this.#env,
        timeoutMs: limitMs,
        signal: new AbortController().signal,
        outputLimit: 16 * 1024 ** 2,
      },
    );
    if (code !== 0) throw new VhostRefused(lastLine || output || `it ended with code ${code}`);
    const answers = decode(output);
    if (answers.length !== steps.length) throw new VhostRefused(`it answered ${output.slice(0, 200)}`);
    for (const [index, { resolve, reject }] of steps.entries()) {
      const answer = answers[index] ?? {};
      if ('ok' in answer) resolve(answer.ok);
      else reject(new VhostRefused(String(answer.error)));
    }
  }
}

/** Erlang breaks a long binary into quoted pieces. */
function decode(output: string): readonly { readonly ok?: unknown; readonly error?: unknown }[] {
  try {
    const base64 = [...output.matchAll(/"([\w+/=]*)"/g)].map(([, piece]) => piece).join('');
    return JSON.parse(Buffer.from(base64, 'base64').toString());
  } catch {
    return [];
  }
}

function binary(text: string): string {
  return `<<${[...Buffer.from(text)].join(',')}>>`;
}

/** Every entry says in which vhost it is. */
function placed(definitions: object, vhost: string): object {
  const entries = Object.entries(definitions).map(([key, value]) => [
    key,
    Array.isArray(value) ? value.map(entry => ({ ...entry, vhost })) : value,
  ]);
  return Object.fromEntries(entries);
}
