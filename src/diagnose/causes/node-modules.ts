import { dirname, relative, resolve } from 'node:path';
import type { Cause } from '../cause.ts';
import type { Evidence } from '../evidence.ts';
import { findInOutput } from '../find-in-output.ts';
import { shortenPath } from '../shorten-path.ts';

export function nodeModuleMissing(evidence: Evidence): Cause | undefined {
  const match =
    findInOutput(evidence, /Cannot find (?:module|package) '([^']+)'(?: imported from (\S+))?/) ??
    // Of Nest, which loads drivers when they are needed.
    findInOutput(evidence, /The "([^"]+)" package is missing\b/);
  const [, module = '', importer] = match ?? [];
  if (module === '') return undefined;
  const from = importer ?? requirer(evidence);
  const asked = from === undefined ? '' : `, which ${from} asks for`;
  if (/^[./]/.test(module)) return fileMissing(module, { asked, from, evidence });
  return {
    text: `Node found no package "${module}"${asked}`,
    change: [
      `npm install ${packageOf(module)}, in the project of ${dirname(from ?? `${evidence.cwd}/.`)}`,
      ...withheldOptions(evidence),
    ],
  };
}

/** A loader or a path of Jest's own may be what finds it. */
function withheldOptions({ withheld, variables }: Evidence): readonly string[] {
  const told = withheld.filter(({ name, value }) => name === 'NODE_OPTIONS' && value !== undefined);
  return told.map(({ name, value }) => {
    const before = variables.some(variable => variable.name === name) ? `\${${name}} ` : '';
    return `or, if it is found by what Jest has in ${name} and workers do not get: env: { ${name}: '${before}${value}' }`;
  });
}

/** A misspelt name comes before all other reasons. */
function fileMissing(
  module: string,
  {
    asked,
    from,
    evidence,
  }: { readonly asked: string; readonly from: string | undefined; readonly evidence: Evidence },
): Cause {
  const folder = from === undefined ? evidence.cwd : dirname(from);
  const nearest = evidence.search.nearestFile(resolve(folder, module));
  const meant =
    nearest && (from === undefined ? shortenPath(nearest, evidence.cwd) : relativeTo(folder, nearest));
  const resolved = `relative words of command are resolved from ${evidence.cwd}`;
  return {
    text: `there is no file "${module}"${asked}${meant ? `; did you mean "${meant}"?` : ''}`,
    change: [
      meant
        ? `write "${meant}" there${from === undefined ? `: ${resolved}` : ''}`
        : `correct the path, or build the file first; ${resolved}`,
    ],
  };
}

/** As an import names it. */
function relativeTo(folder: string, file: string): string {
  const way = relative(folder, file);
  return way.startsWith('.') ? way : `./${way}`;
}

export function nodeModuleFormat(evidence: Evidence): Cause | undefined {
  const match = findInOutput(evidence, wrongFormat);
  if (!match) return undefined;
  const typescript = /extension "\.[mc]?tsx?"/.test(match[0]);
  return {
    text: `Node took a file for the wrong kind of module: ${match[0]}`,
    change: [
      typescript
        ? 'run it with a loader, such as command: ["node", "--import", "tsx", ...], or build it first'
        : 'name it .mjs or .cjs, or set "type" in the nearest package.json; import() an ES module instead of require()',
      ...withheldOptions(evidence),
    ],
  };
}

const wrongFormat =
  /require\(\) of ES Module .*|require\(\) cannot be used on an ESM graph.*|Cannot use import statement outside a module|\w+ is not defined in ES module scope|Unknown file extension "\.\w+".*|Unexpected token 'export'|Named export '[^']+' not found.*/;

/** npm also warns of engines (EBADENGINE) without refusing anything. */
export function unsupportedEngine(evidence: Evidence): Cause | undefined {
  const match = findInOutput(evidence, wrongEngine);
  if (match) {
    return {
      text: `its Node is the wrong version: ${match[0].trim()}; it ran as ${evidence.interpreter?.path ?? evidence.command[0]}`,
      change: ["name another Node by its path in command; the word node means Jest's own"],
    };
  }
  const addOn = findInOutput(evidence, /The module '([^']+)'/)?.[1];
  if (addOn === undefined || !findInOutput(evidence, /compiled against a different Node\.js version/))
    return undefined;
  return {
    text: `${addOn} was built for another version of Node than the one that ran it: ${evidence.interpreter?.path ?? evidence.command[0]}`,
    change: ['npm rebuild with that Node, or name another one by its path in command'],
  };
}

const wrongEngine =
  /(?:npm (?:ERR!|error) .*(?:EBADENGINE|Not compatible with your version of node).*|engine "node" is incompatible.*|(?:require|need)s (?:at least )?(?:a )?Node(?:\.js)?(?: version)? v?[><=^~ ]*\d.*|node: bad option: .*)/i;

function requirer(evidence: Evidence): string | undefined {
  const lines = [...evidence.output.stderr, ...evidence.output.stdout];
  return /^- (.+)/.exec(lines[lines.findIndex(line => line.startsWith('Require stack:')) + 1] ?? '')?.[1];
}

function packageOf(module: string): string {
  return module.split('/', module.startsWith('@') ? 2 : 1).join('/');
}
