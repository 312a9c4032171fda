import { posix } from 'node:path';
import ts from 'typescript';

export interface Import {
  /** The importing file, from `src` and without `.ts`. */
  readonly from: string;
  /** Likewise for a file of ours; otherwise what stands in the quotes. */
  readonly to: string;
  readonly isOurs: boolean;
  readonly isTypeOnly: boolean;
}

/** Every import, export from, dynamic import and import type of a TypeScript file. */
export function listImports(file: string, text: string): readonly Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Expression | undefined, isTypeOnly: boolean) => {
    if (!specifier || !ts.isStringLiteral(specifier)) return;
    const isOurs = specifier.text.startsWith('.');
    const path = posix.join(posix.dirname(file), specifier.text.replace(/\.ts$/, ''));
    found.push({ from: file, to: isOurs ? path : specifier.text, isOurs, isTypeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isErased(node.importClause));
    else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly || areErased(node.exportClause));
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal as ts.Expression, true);
    } else if (ts.isCallExpression(node) && /^(import|require)$/.test(node.expression.getText())) {
      add(node.arguments[0], false);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true));
  return found;
}

function isErased(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  return (
    clause.phaseModifier === ts.SyntaxKind.TypeKeyword || (!clause.name && areErased(clause.namedBindings))
  );
}

function areErased(names: ts.NamedImportBindings | ts.NamedExportBindings | undefined): boolean {
  return !!names && 'elements' in names && names.elements.every(element => element.isTypeOnly);
}
