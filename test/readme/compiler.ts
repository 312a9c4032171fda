import { join } from 'node:path';
import ts from 'typescript';
import { repository } from '../end-to-end/harness/folders.ts';
import { codeBlocks } from './read-readme.ts';

const packageName = 'jest-environment-live-worker';

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  types: ['node', 'jest'],
  strict: true,
  exactOptionalPropertyTypes: true,
  experimentalDecorators: true,
  noUncheckedIndexedAccess: true,
  isolatedModules: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: true,
  paths: {
    [packageName]: [join(repository, 'src/index.ts')],
    [`${packageName}/*`]: [join(repository, 'src/*.ts')],
  },
};

/** The TypeScript blocks of the manual, each a module of its own that imports the package's sources. */
const blocks = new Map(
  codeBlocks('ts').map(({ page, line, text }) => [join(repository, `${page}.line-${line}.ts`), text]),
);
let program: ts.Program | undefined;

/** What the compiler says about the blocks. */
export function typeErrors(): readonly string[] {
  const compiled = compile();
  return [...blocks.keys()].flatMap(path => {
    const source = compiled.getSourceFile(path);
    return [...compiled.getSyntacticDiagnostics(source), ...compiled.getSemanticDiagnostics(source)].map(
      ({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
  });
}

/** What a door exports, types included. */
export function exportedNames(door: 'index' | 'config' | 'fixtures'): readonly string[] {
  const checker = compile().getTypeChecker();
  const source = compile().getSourceFile(pathOf(door));
  const symbol = source && checker.getSymbolAtLocation(source);
  if (symbol === undefined) throw new Error(`src/${door}.ts is no module`);
  return checker.getExportsOfModule(symbol).map(({ name }) => name);
}

/** The names of the members of every interface of a file of `src/options`, by the interface's name. */
export function interfaceMembers(file: string): ReadonlyMap<string, readonly string[]> {
  const path = join(repository, 'src/options', file);
  const source = ts.createSourceFile(path, ts.sys.readFile(path) ?? '', ts.ScriptTarget.ES2023);
  const interfaces = source.statements.filter(ts.isInterfaceDeclaration);
  return new Map(
    interfaces.map(({ name, members }) => [
      name.text,
      members.map(member => (member.name as ts.Identifier).text),
    ]),
  );
}

function compile(): ts.Program {
  if (program) return program;
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = path => blocks.has(path) || fileExists(path);
  host.readFile = path => blocks.get(path) ?? readFile(path);
  const doors = (['index', 'config', 'fixtures'] as const).map(pathOf);
  program = ts.createProgram([...doors, ...blocks.keys()], options, host);
  return program;
}

function pathOf(door: string): string {
  return join(repository, 'src', `${door}.ts`);
}
