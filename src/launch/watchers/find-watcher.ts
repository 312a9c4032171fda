import { basename } from 'node:path';
import { splitWords } from '../../options/split-words.ts';
import { ownOptions, watcherRules } from './watcher-rules.ts';

/** A watcher in a command. */
export interface FoundWatcher {
  /** As messages name it: `node --watch`. */
  readonly name: string;
  /** The command without watching, where the words tell it. */
  readonly without: readonly string[] | undefined;
  /** The script of package.json it stands in. */
  readonly script?: string;
}

export interface FindWatcherOptions {
  /** A script of package.json; undefined where there is none. */
  readonly readScript?: (name: string) => string | undefined;
}

const deepest = 5;
/** They run the words behind their own options and assignments. */
const launchers =
  /^(?:env|npx|bunx|dotenv|dotenvx|cross-env|poetry|uv|pipenv|pdm|rye|hatch|bundle|exec|time|nice|nohup|setsid|tini|dumb-init|stdbuf|timeout|xargs)$/;
const shells = /^(?:sh|bash|dash|zsh|ash|busybox)$/;
const packageManagers = /^(?:npm|pnpm|yarn|bun)$/;
const interpreters = /^(?:node|nodejs|bun|python[\d.]*|pypy[\d.]*|ruby|perl)$/;
const betweenCommands = /\s*(?:&&|\|\||[;|&\n])\s*/;

/** The watcher a command starts, as far as its words tell; what stands behind a program is that program's own business. */
export function findWatcher(
  words: readonly string[],
  options: FindWatcherOptions = {},
  depth = 0,
): FoundWatcher | undefined {
  const [first = '', ...args] = words;
  if (first === '' || depth > deepest) return undefined;
  const again = (inner: readonly string[]) => findWatcher(inner, options, depth + 1);
  const program = programName(first);
  const found = matchRule(program, first, args);
  if (found) return found;
  if (/^\w+=/.test(first)) return again(args);
  if (shells.test(program)) return ofShell(args, again);
  const isNodeRun = program === 'node' && args[0] === '--run';
  if (isNodeRun || packageManagers.test(program)) {
    const script = ofScript(args, options, again);
    if (script) return script;
  }
  if (launchers.test(program) || packageManagers.test(program)) return again(behindOwnWords(args));
  return interpreters.test(program) ? ofInterpreter(args, again) : undefined;
}

type Search = (words: readonly string[]) => FoundWatcher | undefined;

function programName(word: string): string {
  return basename(word.replaceAll('\\', '/')).replace(/\.(?:exe|cmd|[cm]?js)$/, '');
}

function matchRule(program: string, word: string, args: readonly string[]): FoundWatcher | undefined {
  for (const { names, called = program, watches, without } of watcherRules) {
    if (names.includes(program) && (watches?.(args) ?? true))
      return { name: called, without: without(word, args) };
  }
  return undefined;
}

function ofShell(args: readonly string[], search: Search): FoundWatcher | undefined {
  const script = args[args.findIndex(word => /^-\w*c$/.test(word)) + 1];
  if (!args.some(word => /^-\w*c$/.test(word)) || script === undefined) return undefined;
  return searchScript(script, search);
}

function searchScript(script: string, search: Search): FoundWatcher | undefined {
  for (const command of script.split(betweenCommands)) {
    const found = search(splitWords(command));
    if (found) return found;
  }
  return undefined;
}

const ownCommands = /^(?:add|ci|exec|i|info|init|install|link|list|pack|publish|remove|x|dlx)$/;

/** `npm run dev`, `yarn dev`, and `start` and `test` for short. */
function ofScript(
  args: readonly string[],
  { readScript }: FindWatcherOptions,
  search: Search,
): FoundWatcher | undefined {
  const words = args.filter(word => !word.startsWith('-'));
  const name = /^run(?:-script)?$/.test(words[0] ?? '') ? words[1] : words[0];
  if (name === undefined || ownCommands.test(name)) return undefined;
  const script = readScript?.(name);
  const found = script === undefined ? undefined : searchScript(script, search);
  return found && { script: name, ...found };
}

/** Past options, assignments, numbers and the subcommands that mean "run this". */
function behindOwnWords(args: readonly string[]): readonly string[] {
  const begin = args.findIndex(word => !/^-|=|^\d+[smh]?$|^(?:run|exec|x|dlx)$/.test(word));
  return begin < 0 ? [] : args.slice(begin);
}

/** Its command by the name of the package: `node node_modules/tsx/dist/cli.mjs watch`. */
function packageOf(script: string): string {
  return /(?:^|\/)node_modules\/([\w.-]+)\/(?:.*\/)?cli\.[cm]?js$/.exec(script)?.[1] ?? '';
}

/** A script, or `-m MODULE`: `node node_modules/.bin/nodemon`, `python -m watchfiles`. */
function ofInterpreter(args: readonly string[], search: Search): FoundWatcher | undefined {
  const module = ownOptions(args).indexOf('-m');
  const begin = module < 0 ? ownOptions(args).length : module + 1;
  const [script, ...rest] = args.slice(begin);
  if (script === undefined) return undefined;
  const found = search([programName(script), ...rest]) ?? search([packageOf(script), ...rest]);
  if (found || !/(?:^|\/)manage\.py$/.test(script) || rest[0] !== 'runserver') return found;
  return rest.includes('--noreload') ? undefined : { name: 'runserver', without: undefined };
}
