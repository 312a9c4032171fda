import { splitWords } from '../../options/split-words.ts';

/** A program that starts another one anew when files change, and stays when that ends. */
export interface WatcherRule {
  /** Names of the program, as its file is called. */
  readonly names: readonly string[];
  /** As messages name it. */
  readonly called?: string;
  /** True when it watches with these arguments; always, where it is left out. */
  readonly watches?: (args: readonly string[]) => boolean;
  /** The command it runs, without watching; undefined where its arguments do not say. */
  readonly without: (program: string, args: readonly string[]) => readonly string[] | undefined;
}

export const watcherRules: readonly WatcherRule[] = [
  {
    names: ['node'],
    called: 'node --watch',
    watches: args => ownOptions(args).some(isNodeWatch),
    without: (program, args) => [program, ...dropFirst(args, isNodeWatch)],
  },
  {
    names: ['bun'],
    called: 'bun --watch',
    watches: args => ownOptions(args).some(word => /^--(?:watch|hot)$/.test(word)),
    without: (program, args) => [program, ...dropFirst(args, word => /^--(?:watch|hot)$/.test(word))],
  },
  {
    names: ['deno'],
    called: 'deno --watch',
    watches: args => ownOptions(args.slice(1)).some(word => /^--watch(?:-hmr)?(?:=|$)/.test(word)),
    without: (program, args) => [program, ...args.filter(word => !/^--watch(?:-hmr)?(?:=|$)/.test(word))],
  },
  {
    names: ['tsx'],
    called: 'tsx watch',
    watches: ([first]) => first === 'watch' || first === '--watch',
    without: (program, [, ...args]) => [
      program,
      ...dropFirst(args, word => word.startsWith('--clear-screen')),
    ],
  },
  {
    names: ['nodemon'],
    without: (_, args) => ofNodemon(args),
  },
  {
    names: ['ts-node-dev', 'tsnd'],
    without: (_, args) => ['ts-node', ...fromScript(args)],
  },
  { names: ['node-dev'], without: (_, args) => ['node', ...fromScript(args)] },
  {
    names: ['watchmedo', 'watchmedo.py', 'watchdog.watchmedo'],
    called: 'watchmedo auto-restart',
    watches: ([first]) => first === 'auto-restart' || first === 'shell-command',
    without: (_, args) => behindDashes(args) ?? afterOptions(args.slice(1), watchmedoSwitch),
  },
  {
    names: ['watchfiles'],
    without: (_, args) => {
      const command = args.find(word => !word.startsWith('-'));
      return command === undefined ? undefined : splitWords(command);
    },
  },
  {
    names: ['cargo'],
    called: 'cargo watch',
    watches: ([first]) => first === 'watch',
    without: (program, args) => ofCargoWatch(program, args),
  },
  { names: ['cargo-watch'], without: (_, args) => ofCargoWatch('cargo', args) },
  { names: ['watchexec', 'reflex', 'rerun'], without: (_, args) => behindDashes(args) },
  { names: ['entr'], without: (_, args) => afterOptions(args, /^/) },
  { names: ['gow'], without: (_, args) => ['go', ...args] },
  { names: ['dotnet'], called: 'dotnet watch', watches: ([first]) => first === 'watch', without: dropSecond },
  {
    names: ['air', 'CompileDaemon', 'modd', 'forever', 'pm2', 'pm2-runtime', 'supervisor', 'supervisord'],
    without: () => undefined,
  },
  withSwitch('celery', /^--autoreload$/),
  withSwitch('dramatiq', /^--watch(?:=|$)/, { hasValue: true }),
  withSwitch('arq', /^--watch(?:=|$)/, { hasValue: true }),
  withSwitch('taskiq', /^(?:--reload|-r)$/),
  withSwitch('faststream', /^--reload$/),
  withSwitch('uvicorn', /^--reload$/),
  withSwitch('hypercorn', /^--reload$/),
  withSwitch('gunicorn', /^--reload$/),
  withSwitch('flask', /^(?:--reload|--debug)$/),
  withSwitch('nest', /^(?:--watch|-w)$/),
];

/** A program that watches only when it is told to. */
function withSwitch(name: string, pattern: RegExp, { hasValue = false } = {}): WatcherRule {
  return {
    names: [name],
    called: `${name} ${/--\w+/.exec(pattern.source)?.[0]}`,
    watches: args => args.some(word => pattern.test(word)),
    without: (program, args) => [
      program,
      ...args.filter((word, index) => {
        const isValue = hasValue && pattern.test(args[index - 1] ?? '') && !args[index - 1]?.includes('=');
        return !pattern.test(word) && !isValue;
      }),
    ],
  };
}

function isNodeWatch(word: string): boolean {
  return /^--watch(?:-path|-preserve-output|-kill-signal)?(?:=|$)/.test(word);
}

/** Those before the program's own file: what stands behind it is for the program. */
export function ownOptions(args: readonly string[]): readonly string[] {
  let count = 0;
  while (args[count]?.startsWith('-')) count += optionsWithValue.test(args[count] ?? '') ? 2 : 1;
  return args.slice(0, count);
}

/** Of Node and Python. */
const optionsWithValue =
  /^(?:-r|--require|--import|--loader|--experimental-loader|-C|--conditions|--env-file|-W|-X)$/;

/** Without the options of an interpreter that match; those of the program stay. */
function dropFirst(args: readonly string[], isDropped: (word: string) => boolean): readonly string[] {
  const own = ownOptions(args);
  return [...own.filter(word => !isDropped(word)), ...args.slice(own.length)];
}

function dropSecond(program: string, [, ...args]: readonly string[]): readonly string[] {
  return [program, ...args];
}

function fromScript(args: readonly string[]): readonly string[] {
  return args.slice(ownOptions(args).length);
}

function behindDashes(args: readonly string[]): readonly string[] | undefined {
  const dashes = args.indexOf('--');
  return dashes < 0 ? undefined : args.slice(dashes + 1);
}

const watchmedoSwitch =
  /^(?:-R|-q|-v|-D|--recursive|--quiet|--verbose|--ignore-directories|--no-\S+|--\S+=.*)$/;

/** What stands behind options of which those that match take no value. */
function afterOptions(args: readonly string[], isSwitch: RegExp): readonly string[] | undefined {
  let index = 0;
  while (args[index]?.startsWith('-')) index += isSwitch.test(args[index] ?? '') ? 1 : 2;
  return index < args.length ? args.slice(index) : undefined;
}

const nodemonSwitch = /^(?:-V|-q|-I|-L|--verbose|--quiet|--no-\S+|--legacy-watch|--on-change-only|--\S+=.*)$/;

function ofNodemon(args: readonly string[]): readonly string[] | undefined {
  const exec = args.findIndex(word => word === '--exec' || word === '-x');
  if (exec >= 0) {
    const rest = [...args.slice(0, exec), ...args.slice(exec + 2)];
    return [...splitWords(args[exec + 1] ?? ''), ...(afterOptions(rest, nodemonSwitch) ?? [])];
  }
  const script = afterOptions(args, nodemonSwitch);
  return script && ['node', ...script];
}

function ofCargoWatch(cargo: string, args: readonly string[]): readonly string[] | undefined {
  const exec = args.findIndex(word => word === '-x' || word === '--exec');
  if (exec >= 0) return [cargo, ...splitWords(args[exec + 1] ?? '')];
  const shell = args.findIndex(word => word === '-s' || word === '--shell');
  return shell < 0 ? behindDashes(args) : splitWords(args[shell + 1] ?? '');
}
